"""Which tables storage holds."""

from pyarrow import fs

from spark_jobs.lake.storage.paths import Layer


def stored_tables(filesystem: fs.FileSystem, root: str, layer: Layer) -> list[str]:
    """Names of the folders of a layer that hold a Delta log, sorted."""
    folders = filesystem.get_file_info(fs.FileSelector(f"{root}/{layer}", allow_not_found=True))
    names = sorted(folder.base_name for folder in folders if folder.type == fs.FileType.Directory)
    logs = filesystem.get_file_info([f"{root}/{layer}/{name}/_delta_log" for name in names])
    return [name for name, found in zip(names, logs, strict=True) if found.type == fs.FileType.Directory]
