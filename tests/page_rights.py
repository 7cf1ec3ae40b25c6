"""Which right opens each page of the desk, written out by hand, beside what the pages wear."""

PAGES = {
    name: right
    for right, names in {
        "overview": "overview",
        "portfolio": "portfolio measures_csv measures_xlsx measures_parquet data",
        "models": "models",
        "definitions": "definitions",
        "law": "law",
        "worklist": "worklist views",
        "account": "account",
        "export": "worklist_csv worklist_xlsx dialler dialled",
        "assign": "assign",
        "people": "people",
        "books": "books",
        "upload": "upload book order stop mapping mapping_text faults_csv faults_xlsx",
        "discard": "discard",
    }.items()
    for name in names.split()
}
LEADING_ON = {"start", "go", "find", "to_account"}  # to what is open to who asks
EVERYBODYS = {
    *("calculator", "planner"),
    *("set_language", "style", "charts", "theme", "keys", "enter"),
}
