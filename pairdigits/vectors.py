"""Two sums of products that the kernel lives on, made in a processor's vector registers.

Numba's compiler stores such a sum after every few products and fetches it again, which takes twice as long; so their
code is written here in LLVM's own terms, from which it makes the best of whatever registers a processor has.
(Numba keeps what it compiled of `kernel` until that file changes: touch it after a change here.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTH = 16  # values of a vector: one register of AVX-512, two of AVX2


class _Vectors:
    """Writes code for vectors of `WIDTH` values of one float type."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any):
        self._builder, self._float = builder, context.get_value_type(signature.args[-1].dtype)
        self.type = ir.VectorType(self._float, WIDTH)
        self._align = context.get_abi_sizeof(self._float)
        self.arguments = [
            context.make_array(kind)(context, builder, given).data if isinstance(kind, types.Array) else given
            for kind, given in zip(signature.args, arguments, strict=True)
        ]

    def load(self, array: Any, place: Any) -> Any:
        return self._builder.load(self._at(array, place), align=self._align)

    def store(self, vector: Any, array: Any, place: Any) -> None:
        self._builder.store(vector, self._at(array, place), align=self._align)

    def spread(self, array: Any, place: Any) -> Any:
        """One value, `WIDTH` times."""
        undefined, first = ir.Constant(self.type, ir.Undefined), ir.IntType(32)(0)
        alone = self._builder.insert_element(undefined, self._builder.load(self._builder.gep(array, [place])), first)
        return self._builder.shuffle_vector(alone, undefined, ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), None))

    def add_product(self, total: Any, one: Any, other: Any) -> Any:
        flags = ["contract"]  # one rounding for both
        return self._builder.fadd(total, self._builder.fmul(one, other, flags=flags), flags=flags)

    def _at(self, array: Any, place: Any) -> Any:
        return self._builder.bitcast(self._builder.gep(array, [place]), self.type.as_pointer())


def _place(number: int) -> Any:
    return ir.IntType(64)(number)


def product(rows: Sequence[int], givens: Sequence[int], outputs: int, adds: bool = False) -> Any:
    """A matrix product for compiled code to call: `f(left, right, result)`, arrays without gaps.

    Parameters
    ----------
    rows, givens : sequence of int
        The left matrix has its value of row r and column g at place rows[r] + givens[g] of its array: so it need not be
        written out where it repeats itself, as the windows of an image do. All sums of a row are in registers at once:
        a dozen rows at most.
    outputs : int
        Columns of the right matrix, (givens, outputs), and of the result, (rows, outputs); a multiple of `WIDTH`.
    adds : bool
        Add to the result, in place of writing over it.
    """

    @intrinsic
    def multiply(typing: Any, left: Any, right: Any, result: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            vectors = _Vectors(context, builder, signature, arguments)
            left, right, result = vectors.arguments
            for column in range(0, outputs, WIDTH):
                ends = [_place(outputs * number + column) for number in range(len(rows))]
                totals = [vectors.load(result, end) if adds else ir.Constant(vectors.type, None) for end in ends]
                for number, given in enumerate(givens):
                    factors = vectors.load(right, _place(outputs * number + column))
                    values = [vectors.spread(left, _place(row + given)) for row in rows]
                    totals = [
                        vectors.add_product(total, value, factors) for total, value in zip(totals, values, strict=True)
                    ]
                for total, end in zip(totals, ends, strict=True):
                    vectors.store(total, result, end)
            return context.get_dummy_value()

        return types.void(left, right, result), write

    return multiply


def _add_patches(
    typing: Any, count: Any, factors: Any, starts: Any, source: Any, stride: Any, into_stride: Any, into: Any
) -> Any:
    """Add some patches of `source`, each times its factor, to the patch that `into` begins with.

    A patch is 3 rows of 48 values. Parameters: how many; the factors; where each patch starts; the values; how far
    from row to row there; and how far in what they are added to, which comes last. Arrays without gaps.
    """

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vectors = _Vectors(context, builder, signature, arguments)
        count, factors, starts, source, stride, into_stride, into = vectors.arguments
        parts = [(_place(row), _place(column)) for row in range(3) for column in range(0, 48, WIDTH)]
        totals = [cgutils.alloca_once(builder, vectors.type) for _ in parts]  # LLVM makes registers of them
        ends = [builder.add(builder.mul(into_stride, row), column) for row, column in parts]
        for total, end in zip(totals, ends, strict=True):
            builder.store(vectors.load(into, end), total)
        with cgutils.for_range(builder, count) as loop:
            factor, start = vectors.spread(factors, loop.index), builder.load(builder.gep(starts, [loop.index]))
            for total, (row, column) in zip(totals, parts, strict=True):
                place = builder.add(start, builder.add(builder.mul(stride, row), column))
                builder.store(vectors.add_product(builder.load(total), factor, vectors.load(source, place)), total)
        for total, end in zip(totals, ends, strict=True):
            vectors.store(builder.load(total), into, end)
        return context.get_dummy_value()

    return types.void(types.intp, factors, starts, source, types.intp, types.intp, into), write


add_patches: Any = intrinsic(_add_patches)
