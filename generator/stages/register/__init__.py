"""Register: `blocks` packs examined deliveries, in workers too; `database` keeps them.

Empty, so that a worker that only packs never loads the database.
"""
