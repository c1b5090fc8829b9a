"""The figures of the attribution study."""
def draw(tables, folder, provenance):
    return []
