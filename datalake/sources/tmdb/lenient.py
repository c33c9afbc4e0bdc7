"""JSON read field by field: a value of the wrong type costs that field, not the whole line.

`{"runtime": 90.5, "votes": "12", "genres": {}}` as `runtime int, votes int, genres array<…>` gives
12 votes, for the text can be read exactly. `runtime` and `genres` are lost, and named:
`runtime: not a whole number: 90.5`, `genres: not a list: {}`. Each nested object is parsed once
more, which is slow, so this is for lines that Spark's own JSON reader rejects.
"""

from pyspark.sql.types import (
    ArrayType,
    DataType,
    DoubleType,
    IntegralType,
    StringType,
    StructType,
)

_NO_OBJECT = "no_object"
_STRICT = "'allowSingleQuotes', 'false'"
_LONGEST_VALUE = 60
_NUMBER = "^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$"
NOTHING_LOST = "CAST(array() AS array<string>)"


def json_reader(text: str, type_: DataType, path: str = "") -> str:
    """The Spark SQL that reads the JSON in the SQL expression `text` as that type.

    It gives a struct: `value`, null where nothing can be read, and `lost`, an array of
    «path: not a …: value» of what was there and couldn't be. 0.5 or "x" is no whole number, but
    7.0 and "7" are; null and "" are unknown, and nothing is lost.
    """
    if isinstance(type_, StructType):
        return _object(text, type_, path)
    if isinstance(type_, ArrayType):
        return _list(text, type_, path)
    if isinstance(type_, StringType):
        return _result(text, NOTHING_LOST)
    if isinstance(type_, DoubleType):
        return _number(text, path, "number", "DOUBLE", "abs({double}) < double('inf')")
    if isinstance(type_, IntegralType):
        is_whole = "{exact} = {double} AND {exact} = floor({exact})"
        return _number(text, path, "whole number", type_.simpleString(), is_whole)
    raise NotImplementedError(type_.simpleString())


def _object(text: str, type_: StructType, path: str) -> str:
    json_text, fields, read = _variables(path, "text", "fields", "read")
    columns = ", ".join(f"`{name}` STRING" for name in (*type_.names, _NO_OBJECT))
    options = f"{_STRICT}, 'columnNameOfCorruptRecord', '{_NO_OBJECT}'"
    parsed = f"from_json({json_text}, '{columns}', map({options}))"
    readers = ", ".join(
        f"'{field.name}', "
        + json_reader(f"{fields}.`{field.name}`", field.dataType, _below(path, field.name))
        for field in type_.fields
    )
    values = ", ".join(f"'{name}', {read}.`{name}`.value" for name in type_.names)
    lost = ", ".join(f"{read}.`{name}`.lost" for name in type_.names)
    whole = _let(
        f"named_struct({readers})", read, _result(f"named_struct({values})", f"concat({lost})")
    )
    nothing = f"CAST(NULL AS {type_.simpleString()})"
    not_an_object = _result(nothing, f"array({_reason(json_text, path, 'an object')})")
    read_fields = f"IF({fields}.{_NO_OBJECT} IS NULL, {whole}, {not_an_object})"
    unknown = _result(nothing, NOTHING_LOST)
    return _let(
        text, json_text, f"IF({json_text} IS NULL, {unknown}, {_let(parsed, fields, read_fields)})"
    )


def _list(text: str, type_: ArrayType, path: str) -> str:
    json_text, item, items, result = _variables(path, "text", "item", "items", "result")
    reader = json_reader(item, type_.elementType, f"{path}[]")
    parsed = (
        f"transform(from_json({json_text}, 'array<string>', map({_STRICT})), {item} -> {reader})"
    )
    values = f"transform({items}, {result} -> {result}.value)"
    lost = f"flatten(transform({items}, {result} -> {result}.lost))"
    lost = f"coalesce({lost}, {_lost_unless(f'{items} IS NOT NULL', json_text, path, 'a list')})"
    return _let(text, json_text, _let(parsed, items, _result(values, lost)))


def _number(text: str, path: str, expected: str, type_: str, condition: str) -> str:
    json_text, exact, value = _variables(path, "text", "exact", "value")
    double = f"try_cast({json_text} AS DOUBLE)"
    is_valid = condition.format(double=double, exact=exact)
    number = f"IF({json_text} RLIKE '{_NUMBER}' AND {is_valid}, try_cast({exact} AS {type_}), NULL)"
    if type_ == "DOUBLE":
        number = number.replace(f"try_cast({exact} AS {type_})", double)
    lost = _lost_unless(f"{value} IS NOT NULL", json_text, path, f"a {expected}")
    result = _let(number, value, _result(value, lost))
    return _let(text, json_text, _let(f"try_cast({json_text} AS DECIMAL(38, 18))", exact, result))


def _result(value: str, lost: str) -> str:
    return f"named_struct('value', {value}, 'lost', {lost})"


def _lost_unless(condition: str, text: str, path: str, expected: str) -> str:
    is_kept = f"{condition} OR {text} IS NULL OR {text} = ''"
    return f"IF({is_kept}, {NOTHING_LOST}, array({_reason(text, path, expected)}))"


def _reason(text: str, path: str, expected: str) -> str:
    return f"concat('{path}: not {expected}: ', substring({text}, 1, {_LONGEST_VALUE}))"


def _let(expression: str, variable: str, body: str) -> str:
    """`body` with the variable bound to the expression's value, which is computed once."""
    return f"transform(array({expression}), {variable} -> {body})[0]"


def _variables(path: str, *names: str) -> list[str]:
    """Names that no other path's lambdas have."""
    suffix = path.replace(".", "_").replace("[]", "_each")
    return [f"{name}_{suffix}" for name in names]


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
