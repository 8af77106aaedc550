"""What crosses the wall of the sandbox: values as small JSON beside arrays in the .npy format.

`encode` runs inside, beside the learner's code; so `decode` trusts nothing: every size is bounded and checked before it is
used, no dtype but real numbers, nothing is ever unpickled, and whatever does not fit is refused.
"""

import io
import json
import math
import re
import struct

import numpy as np

DEPTH = 6  # of tuples in tuples
ITEMS = 10_000  # of all tuples, lists and dicts of a value together
TEXT = 2_000  # characters of one string
DESCRIPTION = 1_000_000  # bytes of the JSON of one record


class Refused(ValueError):
    """What came out of the sandbox is not what the wire carries."""


def encode(value):
    """Return the bytes of one record for a value made of arrays, numbers, text, tuples, lists and dicts.

    Anything else becomes the name of its type, which is all that a message needs.
    """
    arrays = []
    description = json.dumps(_describe(value, arrays, DEPTH)).encode()
    blobs = [_npy(array) for array in arrays]
    sizes = struct.pack(f">II{len(blobs)}Q", len(description), len(blobs), *map(len, blobs))
    return b"".join([sizes, description, *blobs])


def decode(record):
    """Return the value of a record.

    Raises
    ------
    Refused
        The bytes are not a record, or a part of them is too large, of another dtype, or not what it claims to be.
    """
    try:
        length, count = struct.unpack_from(">II", record)
        if length > DESCRIPTION or count > ITEMS:
            raise Refused("too many parts")
        sizes = struct.unpack_from(f">{count}Q", record, 8)
        start = 8 + 8 * count
        if start + length + sum(sizes) != len(record):
            raise Refused("the sizes do not add up")
        description = json.loads(record[start : start + length])
        start += length
        arrays = []
        for size in sizes:
            arrays.append(read_npy(record[start : start + size]))
            start += size
        return _Restorer(arrays).restore(description, DEPTH)
    except Refused:
        raise
    except (struct.error, ValueError, TypeError, KeyError, IndexError, RecursionError, OverflowError) as error:
        raise Refused(f"no record: {type(error).__name__}") from None


_HEADER = re.compile(
    rb"\{'descr': '([<>|])([biuf])(\d{1,2})', 'fortran_order': (True|False), 'shape': \(((?:\d{1,9}, ?|\d{1,9})*)\), \} *\n"
)


def read_npy(data):
    """Return the array of a .npy file of version 1.0 that holds real numbers; the header is matched, not evaluated.

    Raises
    ------
    Refused
        It is anything else.
    """
    if data[:8] != b"\x93NUMPY\x01\x00":
        raise Refused("no .npy file of version 1.0")
    end = 10 + int.from_bytes(data[8:10], "little")
    header = _HEADER.fullmatch(data[10:end]) if end <= 1024 else None
    if header is None:
        raise Refused("a header of .npy that holds more than an array of real numbers")
    order, kind, size, fortran, shape = (group.decode() for group in header.groups())
    sizes = tuple(int(number) for number in shape.replace(" ", "").split(",") if number)
    if len(sizes) > 16 or (kind, int(size)) not in _DTYPES or math.prod(sizes) * int(size) != len(data) - end:
        raise Refused("the header of .npy does not fit its data")
    flat = np.frombuffer(data, dtype=f"{order}{kind}{size}", offset=end)
    array = flat.reshape(sizes, order="F" if fortran == "True" else "C")
    return array.astype(array.dtype.newbyteorder("="))


_DTYPES = {("b", 1), ("f", 2), ("f", 4), ("f", 8), ("f", 16)} | {(kind, n) for kind in "iu" for n in (1, 2, 4, 8)}


def _npy(array):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=False)
    return file.getvalue()


def _describe(value, arrays, depth):
    if value is None or value is True or value is False:
        return value
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf":
        arrays.append(np.array(value, subok=False))
        return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}
    if isinstance(value, np.ndarray):
        return {"foreign": str(value.dtype)[:60]}
    if isinstance(value, int) and -(2**1023) < value < 2**1023:
        return {"int": hex(value)}
    if isinstance(value, float):
        return {"float": float.hex(float(value))}
    if isinstance(value, str):
        return {"str": str.encode(value[:TEXT], "utf-8", "replace").decode()}
    if isinstance(value, (tuple, list)) and depth and len(value) <= ITEMS:
        name = "tuple" if isinstance(value, tuple) else "list"
        return {name: [_describe(item, arrays, depth - 1) for item in value]}
    if isinstance(value, dict) and depth and len(value) <= ITEMS:
        pairs = [(_describe(k, arrays, 1), _describe(v, arrays, depth - 1)) for k, v in value.items()]
        return {"dict": pairs}
    return {"other": type(value).__name__[:60]}


class _Restorer:
    def __init__(self, arrays):
        self.arrays = arrays
        self.items = 0

    def restore(self, description, depth):
        if description is None or description is True or description is False:
            return description
        if not isinstance(description, dict) or len(description) != 1:
            raise Refused("a description is an object with one entry")
        ((kind, content),) = description.items()
        if kind in ("tuple", "list", "dict"):
            self.items += len(content)
            if not isinstance(content, list) or not depth or self.items > ITEMS:
                raise Refused("too deep or too long")
        if kind in ("tuple", "list"):
            parts = [self.restore(part, depth - 1) for part in content]
            return tuple(parts) if kind == "tuple" else parts
        if kind == "dict":
            return {self.restore(key, 1): self.restore(part, depth - 1) for key, part in content}
        if kind in ("array", "scalar"):
            return self._array(kind, content)
        if not isinstance(content, str) or len(content) > TEXT:
            raise Refused("a text is missing or too long")
        if kind == "int" and len(content) < 300:
            return int(content, 16)
        if kind == "float" and len(content) < 40:
            return float.fromhex(content)
        if kind == "str":
            return content
        if kind == "foreign":
            return np.empty(0, content if content in ("complex64", "complex128") else object)
        if kind == "other":
            return stand_in(content)()
        raise Refused("an unknown kind")

    def _array(self, kind, place):
        if type(place) is not int or not 0 <= place < len(self.arrays):
            raise Refused("an array that is not there")
        array = self.arrays[place]
        if kind == "scalar":
            if array.ndim:
                raise Refused("a scalar has no axes")
            return array[()]
        return array


def stand_in(name, base=object):
    """Return an empty class of that name, if it is one, for messages that say which type an answer returned."""
    return type(name if name.isidentifier() and len(name) <= 60 else "object", (base,), {})
