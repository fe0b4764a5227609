"""Archives in the format newc (cpio(5)), as kernels take for their first file tree."""


def cpio(entries):
    """An archive of (name, mode, contents, device) in this order."""
    archive = b""
    for number, (name, mode, contents, device) in enumerate([*entries, ("TRAILER!!!", 0, b"", (0, 0))], 1):
        fields = (number, mode, 0, 0, 1, 0, len(contents), 0, 0, *device, len(name) + 1, 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        archive += header + b"\0" * (-len(header) % 4) + contents + b"\0" * (-len(contents) % 4)
    return archive
