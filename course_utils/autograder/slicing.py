"""What a name needs: of the statements of a notebook or a module, those that define it, directly or through others.

To ask for one answer, only these are executed. So a loop that never ends, an exit or a training run elsewhere in the notebook
costs nothing, and nothing is printed or drawn. Prints, pictures and calls of `check` are no definitions and never run.
"""

import ast
import dis
from types import CodeType
from typing import NamedTuple


class Statement(NamedTuple):
    """One statement on the top level, compiled."""

    node: ast.stmt
    code: CodeType
    needs: frozenset  # the global names that it reads, also inside functions
    binds: frozenset  # the names that it defines
    changes: frozenset  # the names of objects that it changes: kernel[0] = 1, layers.append(...)
    is_stub: bool  # still the three dots
    binds_anything: bool  # from ... import *


def statements(source, filename):
    """Return the statements of a piece of code. Imports of several names become one statement for each.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        As `compile` does.
    """
    found = []
    for whole in ast.parse(source, filename).body:
        for node in _parts(whole):
            code = compile(ast.Module([node], []), filename, "exec", dont_inherit=True)
            needs, binds = _names(code)
            star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
            found.append(
                Statement(node, code, needs, binds | _deep_bindings(code), _changed(node), _is_stub(node), star)
            )
    return found


def needed(all_statements, name):
    """Return the statements that `name` needs, in their order.

    Where a name is defined more than once all definitions run in order, so the last one wins, as in a notebook run from top to
    bottom; but a stub never replaces an answer.
    """
    answered = {bound for statement in all_statements if not statement.is_stub for bound in statement.binds}
    usable = [s for s in all_statements if not (s.is_stub and s.binds <= answered)]
    modules = {bound for s in usable if isinstance(s.node, (ast.Import, ast.ImportFrom)) for bound in s.binds}
    wanted, kept = {name}, set()
    while True:
        more = [
            place
            for place, statement in enumerate(usable)
            if place not in kept and _matters(statement, wanted, modules)
        ]
        if not more:
            return [usable[place] for place in sorted(kept)]
        kept.update(more)
        for place in more:
            wanted |= usable[place].needs


def _matters(statement, wanted, modules):
    if statement.binds_anything or statement.binds & wanted:
        return True
    if isinstance(statement.node, ast.Expr):  # np.random.seed(0), plt.show(): calls in a module change no answer
        return bool((statement.changes - modules) & wanted)
    return bool(statement.changes & wanted)


def _parts(node):
    if isinstance(node, ast.Import):
        return [ast.copy_location(ast.Import([alias]), node) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node) for alias in node.names]
    return [node]


def _names(code):
    """Return (global names read anywhere in the code, names bound on its own level): the compiler knows the scopes."""
    needs, binds = set(), set()
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            needs.add(step.argval)
        elif step.opname in ("STORE_NAME", "STORE_GLOBAL", "DELETE_NAME"):
            binds.add(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            needs |= _names(constant)[0]
    return frozenset(needs), frozenset(binds)


def _deep_bindings(code):
    """Return the names that functions in this code would bind by `global`."""
    inner = set()
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inner |= {step.argval for step in dis.get_instructions(constant) if step.opname == "STORE_GLOBAL"}
    return frozenset(inner)


def _changed(node):
    if isinstance(node, ast.Expr):
        call = node.value
        targets = [call.func] if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else []
    else:
        targets = [
            part
            for part in ast.walk(node)
            if isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(part.ctx, (ast.Store, ast.Del))
        ]
    return frozenset(name for name in map(_root, targets) if name)


def _root(node):
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_stub(node):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        inner = [part for part in node.body if not isinstance(part, ast.Pass) and not _is_constant(part)]
        if isinstance(node, ast.ClassDef):
            methods = [part for part in inner if isinstance(part, ast.FunctionDef) and part.name != "__init__"]
            return not inner or (bool(methods) and all(map(_is_stub, methods)))
        return not inner
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return any(isinstance(part, ast.Constant) and part.value is ... for part in _plain_parts(node.value))
    return False


def _is_constant(node):
    """Return whether a statement is three dots or a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _plain_parts(value):
    """Yield a value and what lies in its lists, dicts and call arguments; not in its indices: image[..., 0] is no stub."""
    yield value
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        children = value.elts
    elif isinstance(value, ast.Dict):
        children = value.values
    elif isinstance(value, ast.Call):
        children = value.args
    else:
        children = []
    for child in children:
        yield from _plain_parts(child)
