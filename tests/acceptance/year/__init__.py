"""The whole record of a year, made and recounted by plain Python: nothing here imports the project."""
