"""The formula of a `multi` grader (`calculate_output`): arithmetic over the graders' names, and nothing else.

Python's parser reads it, but only numbers, names and what stands in the tables below are let through: a
formula reaches no attribute and calls nothing else. All numbers are floats, so a huge exponent overflows at
once. Operators (`^` is power) and functions are those of the official graders guide; `**` is not verified.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_DEPTH = 200
"""Deepest nesting read, which is also the longest plain sum; keeps far from Python's own recursion limit."""

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}
_SIGNS: dict[type[ast.unaryop], Callable[[float], float]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_OF_ONE: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "log": math.log,
}
_OF_SOME: dict[str, Callable[..., float]] = {
    "min": lambda *numbers: min(numbers),
    "max": lambda *numbers: max(numbers),
}

_Compute = Callable[[Mapping[str, float]], float]


class FormulaError(ValueError):
    """The text is not a formula; the message says why, without a full stop."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: the graders it names, and its computation."""

    names: frozenset[str]
    compute: _Compute

    def evaluate(self, grades: Mapping[str, float]) -> float:
        """Compute with a grade for each of `names`; the answer is finite.

        Raises KeyError where a grade is missing, and ArithmeticError where these grades have no answer:
        a division by zero, the root of a negative, a number too large.
        """
        try:
            result = self.compute(grades)
        except ValueError as error:
            raise ArithmeticError(str(error)) from error
        if not math.isfinite(result):
            raise ArithmeticError("the result is not finite")
        return result


def parse(text: str) -> Formula:
    """Read a formula such as `0.5 * name + min(email, 1) ^ 2`.

    Raises FormulaError for anything else.
    """
    try:
        tree = ast.parse(text.replace("^", "**").strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise FormulaError("not an arithmetic expression") from error
    names: set[str] = set()
    compute = _compile(tree.body, names, MAX_DEPTH)
    return Formula(frozenset(names), compute)


def _compile(node: ast.expr, names: set[str], depth: int) -> _Compute:
    """Turn a node into its computation, and collect the names it needs."""
    if not depth:
        raise FormulaError("nested too deeply")
    function: Callable[..., float]
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return lambda _: float(number)
        case ast.Name(id=name):
            names.add(name)
            return operator.itemgetter(name)
        case ast.UnaryOp(op=sign, operand=part) if type(sign) in _SIGNS:
            function, parts = _SIGNS[type(sign)], [part]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            function, parts = _OPERATORS[type(sign)], [left, right]
        case ast.Call(func=ast.Name(id=name), args=[_] as parts, keywords=[]) if name in _OF_ONE:
            function = _OF_ONE[name]
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as parts, keywords=[]) if name in _OF_SOME:
            function = _OF_SOME[name]
        case _:
            known = ", ".join([*_OF_SOME, *_OF_ONE])
            raise FormulaError(f"only numbers, grader names, + - * / ^ and the functions {known} are allowed")
    arguments = [_compile(part, names, depth - 1) for part in parts]
    return lambda grades: float(function(*(argument(grades) for argument in arguments)))
