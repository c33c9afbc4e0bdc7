"""One folder a business question, and its line in `registry`.

| File | What it is |
| --- | --- |
| `__init__.py` | `QUESTION`: its number and its table |
| `table.py` | `TABLE`: grain, key and columns of the answer |
| `estimate.py` | `answer(population)`: arrays in, the table's rows out |
| `variants.py` | `vary(population)`: its headlines with one choice made otherwise |
| `story.py` | `tell(rows, translate)`: the answer in words; `subject`: what a variant is about |
| `charts.py` | `CHARTS`: its figures, and the columns and constants that `page.js` needs |
| `page.js` | what each figure shows of the titles that the reader chose |
| `en.toml`, `pt-BR.toml` | its texts, which the page's own are merged with |
| `views/*.sql`, `dashboard.toml` | its views in SQL, and its visuals on QuickSight |
| `method.md` | how it is computed, and what would change the answer |
"""
