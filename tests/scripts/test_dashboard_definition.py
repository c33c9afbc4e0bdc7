"""The dashboard's visuals, filters and parameters name columns and fields that exist."""

from support.dashboard_template import (
    DEFINITION,
    RESOURCES,
    SUFFIX,
    TEMPLATE,
    identifiers,
    resolve,
    walk,
)

from datalake.sql.connection import connect_empty


def view_columns():
    with connect_empty() as connection:
        return {
            view: {
                name: SUFFIX.get(kind, "INTEGER")
                for name, kind, *_ in connection.execute(f"DESCRIBE {view}").fetchall()
            }
            for view in identifiers()
        }


def test_data_sets_have_the_columns_of_their_views():
    declared = {}
    for resource in RESOURCES.values():
        if resource["Type"] == "AWS::QuickSight::DataSet":
            (table,) = resource["Properties"]["PhysicalTableMap"].values()
            relation = table["RelationalTable"]
            declared[relation["Name"]] = {c["Name"]: c["Type"] for c in relation["InputColumns"]}
            assert resolve(relation["Schema"]) == "datalake_refined"
    assert declared == view_columns()


def test_every_column_that_a_visual_or_a_filter_names_is_in_its_view():
    columns = view_columns()
    references = [
        node for node in walk(DEFINITION) if set(node) == {"DataSetIdentifier", "ColumnName"}
    ]
    assert len(references) > 100
    assert [
        node for node in references if node["ColumnName"] not in columns[node["DataSetIdentifier"]]
    ] == []


def test_numbers_are_measured_and_texts_are_grouped_by():
    columns = view_columns()

    def kind(field):
        return columns[field["Column"]["DataSetIdentifier"]][field["Column"]["ColumnName"]]

    for one in walk(DEFINITION):
        for field, body in one.items():
            if field in ("NumericalMeasureField", "NumericalDimensionField"):
                assert kind(body) in ("INTEGER", "DECIMAL")
            if field in ("CategoricalDimensionField", "CategoryFilter"):
                assert kind(body) == "STRING"


def test_sorts_and_labels_name_fields_of_their_own_visual():
    for sheet in DEFINITION["Sheets"]:
        for visual in sheet["Visuals"]:
            (body,) = visual.values()
            wells = {one.get("FieldId") for one in walk(body["ChartConfiguration"]["FieldWells"])}
            used = {one["FieldId"] for one in walk(body) if "FieldId" in one}
            assert used <= wells


def test_all_that_stands_on_a_sheet_is_placed_and_nothing_overlaps():
    for sheet in DEFINITION["Sheets"]:
        visuals = {body["VisualId"] for visual in sheet["Visuals"] for body in visual.values()}
        texts = {text["SheetTextBoxId"] for text in sheet["TextBoxes"]}
        (layout,) = sheet["Layouts"]
        placed = layout["Configuration"]["GridLayout"]["Elements"]
        assert {element["ElementId"] for element in placed} == visuals | texts
        cells = [
            (element["ColumnIndex"] + x, element["RowIndex"] + y)
            for element in placed
            for x in range(element["ColumnSpan"])
            for y in range(element["RowSpan"])
        ]
        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) < 36


def test_every_visual_is_filtered_to_one_genre_or_shows_genres_side_by_side():
    filtered = {}
    for group in DEFINITION["FilterGroups"]:
        (scope,) = group["ScopeConfiguration"]["SelectedSheets"]["SheetVisualScopingConfigurations"]
        for visual in scope["VisualIds"]:
            filtered[visual] = {
                one["Column"]["ColumnName"] for f in group["Filters"] for one in f.values()
            }
    for sheet in DEFINITION["Sheets"]:
        for visual in sheet["Visuals"]:
            (body,) = visual.values()
            grouped = {
                one["Column"]["ColumnName"]
                for one in walk(body["ChartConfiguration"]["FieldWells"])
                if "Column" in one
            }
            assert "genre" in filtered[body["VisualId"]] | grouped


def test_parameters_that_controls_and_filters_name_are_declared():
    declared = {
        body["Name"] for one in DEFINITION["ParameterDeclarations"] for body in one.values()
    }
    named = {
        one[key]
        for one in walk(DEFINITION)
        for key in ("ParameterName", "SourceParameterName")
        if key in one
    }
    assert named == declared


def test_visuals_have_ids_of_their_own():
    bodies = [
        body for sheet in DEFINITION["Sheets"] for v in sheet["Visuals"] for body in v.values()
    ]
    ids = [body["VisualId"] for body in bodies]
    assert len(ids) == len(set(ids)) > 10


def test_both_languages_have_all_words():
    words = TEMPLATE["Mappings"]["Words"]
    assert words["en"].keys() == words["pt-BR"].keys()
    assert sum(words["en"][key] != words["pt-BR"][key] for key in words["en"]) > 50
