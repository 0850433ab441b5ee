"""The descriptor set of all services, as it was generated with their code."""

from importlib.resources import files


def crm_descriptors() -> bytes:
    """Return the serialised FileDescriptorSet, with comments."""
    return files("crm").joinpath("descriptors.binpb").read_bytes()
