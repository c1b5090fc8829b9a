"""Random numbers that depend on who decides what, and when, and on nothing else (ODD, sections 7.1 and 7.2)."""

import zlib

LOWER = 0xFFFFFFFF

type Four = tuple[float, float, float, float]


def key_of(name: str) -> int:
    """The slot of a name in every stream."""
    return zlib.crc32(name.encode()) & 0x7FFFFFFF


def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Ten rounds of Philox 4x32 (Salmon et al. 2011)."""
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & LOWER, (p0 >> 32) ^ c3 ^ k1, p0 & LOWER
        k0 = (k0 + 0x9E3779B9) & LOWER
        k1 = (k1 + 0xBB67AE85) & LOWER
    return c0, c1, c2, c3


def uniforms(seed: int, decision: int, agent: int, slot: int, block: int = 0) -> Four:
    """Four uniform numbers between 0 and 1."""
    words = philox(agent & LOWER, slot & LOWER, decision, block, seed & LOWER, (seed >> 32) & LOWER)
    w0, w1, w2, w3 = words
    scale = 2.3283064365386963e-10
    return (w0 + 0.5) * scale, (w1 + 0.5) * scale, (w2 + 0.5) * scale, (w3 + 0.5) * scale
