"""What a source's Spark half returns: a file's account, in words."""

import pytest
from support.source_files import DAY

from datalake.sources.cleaned import FileAccount
from datalake.sources.imdb_datasets.raw import CREW
from datalake.sources.source import FileContents
from datalake.sources.source_file import SourceFile


@pytest.mark.parametrize(
    ("dangling_ids", "end"), [(0, ""), (1_039, "; dangling ids in lists: 1,039")]
)
def test_dangling_ids_stand_behind_the_sum_of_rows(dangling_ids, end):
    file = SourceFile(CREW, DAY, "key", FileContents(1, "", 4_007, ""), "")
    other = {"filtered_rows": 2, "dangling_rows": 1}
    account = FileAccount(file, 4_007, 4_000, 1, 3, other, dangling_ids=dangling_ids)
    assert account.text == (
        "title.crew.tsv.gz: 4,007 rows = 4,000 trusted + 1 exact duplicates + 3 quarantined"
        f" + 2 filtered + 1 dangling{end}"
    )
    assert account.accounted == account.read
