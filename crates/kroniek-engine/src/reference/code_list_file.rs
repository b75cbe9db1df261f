//! A file of code lists, as the housing sector publishes them (VERA), or in this program's own column names.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::Read,
};

use chrono::{Datelike, NaiveDate};
use kroniek_domain::values;

use super::{
    ProblemKind, RECORD, ReferenceFault, RowProblem, Why,
    records::{Column, Fields, Next, Records},
};

/// The lists are held in memory as a whole. The sector's file has under 2,500 rows; beyond this it is another
/// kind of file, and going on would only eat memory.
const MAX_ROWS: usize = 1_000_000;

/// How many lines a quoted description may run over.
const MAX_LINES: u64 = 100;

// Limits in characters. The longest that VERA has (2,463 rows) stands behind each; all of it fits.
const LIST_MAX: usize = 50; // 35
const CODE_MAX: usize = 20; // 18; the specification's limit for codes
const NAME_MAX: usize = 250; // 63
const DESCRIPTION_MAX: usize = 4_000; // 1,257
const PARENT_MAX: usize = LIST_MAX + 1 + CODE_MAX; // 33

const COLUMNS: &[Column] = &[
    Column { name: "list", accepted: &["soort", "list", "kind"], required: true },
    Column { name: "code", accepted: &["code"], required: true },
    Column { name: "name", accepted: &["naam", "name"], required: true },
    Column { name: "description", accepted: &["omschrijving", "description"], required: false },
    Column { name: "begin", accepted: &["begindatum", "begin", "begin_date"], required: false },
    Column { name: "end", accepted: &["einddatum", "end", "end_date"], required: false },
    Column { name: "parent", accepted: &["parent"], required: false },
];
const LIST: usize = 0;
const CODE: usize = 1;
const NAME: usize = 2;
const DESCRIPTION: usize = 3;
const BEGIN: usize = 4;
const END: usize = 5;
const PARENT: usize = 6;

/// What was read of a file of code lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeListFile {
    /// The lists by name; the rows of each in the order of the file.
    pub lists: BTreeMap<String, Vec<CodeRow>>,
    /// The rows that the file has below its header, those that are left out included.
    pub rows: usize,
    /// What is wrong, by line.
    pub problems: Vec<RowProblem>,
}

/// One code of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// The code, unique in its list.
    pub code: String,
    /// What people see.
    pub name: String,
    /// What it means; may be empty, and may have line breaks.
    pub description: String,
    /// The first day on which it is in force; none: from the beginning.
    pub begin: Option<NaiveDate>,
    /// Its end; none: still in force.
    pub end: Option<NaiveDate>,
    /// The code that it is a part of, as `LIST.CODE`.
    pub parent: Option<String>,
    /// The physical line of the file that it stands on.
    pub line: u64,
}

/// Reads a file of code lists.
///
/// The first line's names say which column is what, and the separator is found from them. A line that cannot
/// be used is left out and reported. Of two usable rows with the same list and code the one that is in force longer
/// stays, and of two with the same end the first: a list may hold a code that ended together with its successor.
/// References to parents are checked at the end against the rows that stay, since a parent may stand below
/// its child.
pub fn read_code_lists(reader: impl Read) -> Result<CodeListFile, ReferenceFault> {
    let mut records = Records::new(reader, COLUMNS, MAX_LINES)?;
    let mut file = CodeListFile::default();
    let mut first_lines: HashMap<(String, String), u64> = HashMap::new();
    while let Some(next) = records.next()? {
        if file.rows == MAX_ROWS {
            return Err(ReferenceFault::TooManyRows { limit: MAX_ROWS });
        }
        file.rows += 1;
        let (line, fields) = match next {
            Next::Unclosed { line } => {
                file.problems.push(RowProblem::invalid(line, (RECORD, Why::Unclosed)));
                continue;
            }
            Next::Record { line, fields } => (line, fields),
        };
        match read_row(line, &fields) {
            Err(what) => file.problems.push(RowProblem::invalid(line, what)),
            Ok((list, row)) => {
                let key = (list.clone(), row.code.clone());
                if let Some(first_line) = first_lines.get(&key).copied() {
                    let kind = ProblemKind::DuplicateKey { first_line };
                    file.problems.push(RowProblem { line, kind });
                    let rows = file.lists.entry(list).or_default();
                    if let Some(first) = rows.iter_mut().find(|first| first.code == row.code)
                        && ends_later(row.end, first.end)
                    {
                        *first = row;
                    }
                } else {
                    first_lines.insert(key, line);
                    file.lists.entry(list).or_default().push(row);
                }
            }
        }
    }
    let known: HashSet<String> = first_lines.keys().map(|(list, code)| format!("{list}.{code}")).collect();
    for row in file.lists.values().flatten() {
        if row.parent.as_ref().is_some_and(|parent| !known.contains(parent)) {
            file.problems.push(RowProblem { line: row.line, kind: ProblemKind::UnknownParent });
        }
    }
    file.problems.sort_by_key(|problem| problem.line);
    Ok(file)
}

/// Whether a row that ends on `one` is in force longer than one that ends on `other`; without an end it stays for ever.
fn ends_later(one: Option<NaiveDate>, other: Option<NaiveDate>) -> bool {
    match (one, other) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(one), Some(other)) => one > other,
    }
}

fn read_row(line: u64, fields: &Fields<'_>) -> Result<(String, CodeRow), (&'static str, Why)> {
    if !fields.complete() {
        return Err((RECORD, Why::ColumnCount));
    }
    let list = code(needed(fields, LIST, LIST_MAX)?, LIST_MAX);
    let code_of_row = code(needed(fields, CODE, CODE_MAX)?, CODE_MAX);
    let name = needed(fields, NAME, NAME_MAX)?;
    let description = text(fields, DESCRIPTION, DESCRIPTION_MAX)?;
    let begin = date(fields, BEGIN)?;
    let end = date(fields, END)?;
    if let (Some(begin), Some(end)) = (begin, end)
        && end < begin
    {
        return Err(("end", Why::EndBeforeBegin));
    }
    let parent = text(fields, PARENT, PARENT_MAX)?;
    let parent = (!parent.is_empty()).then(|| code(parent, PARENT_MAX));
    let row = CodeRow {
        code: code_of_row,
        name: values::line(name, NAME_MAX).map_err(|_| ("name", Why::NotText))?,
        description: values::note(description, DESCRIPTION_MAX).unwrap_or_default(),
        begin,
        end,
        parent,
        line,
    };
    Ok((list, row))
}

/// A code in the form in which commands name it. The sector's file also has one with a space in it, which no command can
/// name: it stays as it is.
fn code(text: &str, limit: usize) -> String {
    values::code(text, limit).unwrap_or_else(|_| text.to_owned())
}

/// A field that may be empty.
fn text<'a>(fields: &Fields<'a>, column: usize, limit: usize) -> Result<&'a str, (&'static str, Why)> {
    let field = COLUMNS.get(column).map_or(RECORD, |column| column.name);
    let text = fields.text(column).ok_or((field, Why::NotText))?;
    if text.chars().count() > limit {
        return Err((field, Why::TooLong { limit }));
    }
    // A description may be set in lines; anywhere else a line break is a mistake.
    let allowed: &[char] = if column == DESCRIPTION { &['\n', '\r', '\t'] } else { &[] };
    if text.contains(|c: char| c.is_control() && !allowed.contains(&c)) {
        return Err((field, Why::ControlCharacters));
    }
    Ok(text)
}

fn needed<'a>(fields: &Fields<'a>, column: usize, limit: usize) -> Result<&'a str, (&'static str, Why)> {
    let text = text(fields, column, limit)?;
    if text.is_empty() {
        return Err((COLUMNS.get(column).map_or(RECORD, |column| column.name), Why::Missing));
    }
    Ok(text)
}

fn date(fields: &Fields<'_>, column: usize) -> Result<Option<NaiveDate>, (&'static str, Why)> {
    // No limit of length here: what is too long is not a date.
    let text = text(fields, column, usize::MAX)?;
    if text.is_empty() {
        return Ok(None);
    }
    let field = COLUMNS.get(column).map_or(RECORD, |column| column.name);
    parse_date(text).map(Some).ok_or((field, Why::NotADate))
}

/// `d-m-yyyy` with or without leading zeros, or `yyyy-mm-dd`.
///
/// Anything else is refused rather than guessed: `22-11-24` may be a day in 2024 or one in 2022, and
/// `14-02-205` would be a date of the third century. chrono's own parser takes both.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, month, last] = parts[..] else { return None };
    if ![first, month, last].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let (day, year) = match (first.len(), month.len(), last.len()) {
        (1..=2, 1..=2, 4) => (first, last),
        (4, 2, 2) => (last, first),
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    (1800..=9999).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::super::{Source, real};
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    fn file(text: &str) -> CodeListFile {
        read_code_lists(text.as_bytes()).unwrap()
    }

    fn problems(text: &str) -> Vec<(u64, &'static str, Option<&'static str>)> {
        file(text).problems.iter().map(|problem| (problem.line, problem.code(), problem.field())).collect()
    }

    const HEADER: &str = "Soort;Code;Naam;Omschrijving;Begindatum;Einddatum;Parent;Informatiedomein\n";

    #[test]
    fn s8_a_row_has_code_name_description_begin_end_and_parent() {
        let text =
            format!("{HEADER}FRUIT;APP;Apple;Round.;1-2-2020;31-12-2024;FOOD.FRU;x\nFOOD;FRU;Fruit;;;;;x\n");
        let file = file(&text);
        assert_eq!((file.rows, file.problems.len(), file.lists.len()), (2, 0, 2));
        let expected = CodeRow {
            code: "APP".into(),
            name: "Apple".into(),
            description: "Round.".into(),
            begin: day(2020, 2, 1),
            end: day(2024, 12, 31),
            parent: Some("FOOD.FRU".into()),
            line: 2,
        };
        assert_eq!(file.lists["FRUIT"], [expected]);
    }

    #[test]
    fn s8_english_names_in_any_order_with_any_separator_and_a_mark_before_the_text() {
        let text = "\u{feff}name,\"code\",kind,end\r\n\"Apple, green\",APP,FRUIT,2024-12-31\r\n";
        let file = file(text);
        assert_eq!(file.problems, []);
        let row = &file.lists["FRUIT"][0];
        assert_eq!((row.name.as_str(), row.end, row.line), ("Apple, green", day(2024, 12, 31), 2));
    }

    #[test]
    fn s8_dates_that_must_be_guessed_are_refused() {
        for good in ["1-2-2020", "01-02-2020", "1-02-2020", "2020-02-01"] {
            assert_eq!(parse_date(good), day(2020, 2, 1), "{good}");
        }
        for bad in [
            "14-02-205",
            "1-2-02020",
            "31-01-2025.",
            "22-11-24",
            "24-01-25",
            "30-2-2020",
            "0-1-2020",
            "1-13-2020",
            "1/2/2020",
            "2020-2-1",
            "+1-2-2020",
            "1-2-+202",
            "1-2",
            "1-2-2020-3",
            "--",
            "1--2020",
            "31-12-1799",
            "1-1-0000",
            "１-2-2020",
            "1 -2-2020",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
        let text = format!("{HEADER}A;1;x;;22-11-24;;;\nA;2;x;;;14-02-205;;\nA;3;x;;2-1-2020;1-1-2020;;\n");
        let code = "IMPORT_ROW_INVALID";
        assert_eq!(
            problems(&text),
            [(2, code, Some("begin")), (3, code, Some("end")), (4, code, Some("end"))]
        );
        assert!(file(&text).lists.is_empty());
    }

    #[test]
    fn s8_the_first_of_two_rows_with_one_code_stays_and_the_second_is_reported() {
        let text = format!(
            "{HEADER}A;1;first;;;;;\nA;2;bad;;x;;;\nA;1;second;;;;;\nB;1;other;;;;;\nA;2;good;;;;;\n"
        );
        let file = file(&text);
        assert_eq!(file.lists["A"][0].name, "first");
        // A row that is left out does not stand in the way of a later good one.
        assert_eq!(file.lists["A"][1].name, "good");
        assert_eq!(
            file.problems[1],
            RowProblem { line: 4, kind: ProblemKind::DuplicateKey { first_line: 2 } }
        );
        assert_eq!(file.problems[1].code(), "IMPORT_DUPLICATE_KEY");
        assert_eq!((file.problems.len(), file.rows), (2, 5));
    }

    #[test]
    fn s8_of_two_rows_with_one_code_the_one_in_force_longer_stays() {
        let ended = "A;1;ended;;;1-1-2022;;\n";
        for (first, second, stays) in [
            (ended, "A;1;goes on;;;;;\n", "goes on"),
            (ended, "A;1;later;;;1-1-2023;;\n", "later"),
            ("A;1;goes on;;;;;\n", ended, "goes on"),
            (ended, "A;1;as long;;;1-1-2022;;\n", "ended"),
        ] {
            let file = file(&format!("{HEADER}{first}{second}"));
            assert_eq!(file.lists["A"].iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), [stays]);
            let kind = ProblemKind::DuplicateKey { first_line: 2 };
            assert_eq!(file.problems, [RowProblem { line: 3, kind }]);
        }
    }

    #[test]
    fn s8_codes_stand_in_the_form_in_which_commands_name_them() {
        let file =
            file(&format!("{HEADER}kleur;rd;cafe\u{301};;;;;\nKleur;wit/1;x;;;;kleur.rd;\nA;a b;x;;;;;\n"));
        let rows: Vec<_> =
            file.lists["KLEUR"].iter().map(|row| (row.code.as_str(), row.name.as_str())).collect();
        assert_eq!(rows, [("RD", "caf\u{e9}"), ("WIT/1", "x")]);
        assert_eq!(file.lists["KLEUR"][1].parent.as_deref(), Some("KLEUR.RD"));
        assert_eq!(file.lists["A"][0].code, "a b");
        assert!(file.problems.is_empty());
    }

    #[test]
    fn s8_a_parent_may_stand_below_its_child_and_one_that_is_not_there_is_reported_but_the_row_stays() {
        let text = format!("{HEADER}A;1;x;;;;B.1;\nA;2;x;;;;B.2;\nA;3;x;;;;nonsense;\nB;1;x;;;;;\n");
        let code = "IMPORT_UNKNOWN_PARENT";
        assert_eq!(problems(&text), [(3, code, Some("parent")), (4, code, Some("parent"))]);
        assert_eq!(file(&text).lists["A"].len(), 3);
    }

    #[test]
    fn s8_a_bad_line_is_reported_with_its_field_and_the_next_is_read() {
        let long = "x".repeat(CODE_MAX + 1);
        let mut text =
            format!("{HEADER};1;x;;;;;\nA; ;x;;;;;\nA;1;;;;;;\nA;{long};x;;;;;\nA;1;x\u{7};;;;;\nA;1;x;\n")
                .into_bytes();
        text.extend_from_slice(b"A;1;caf\xE9;;;;;\nA;1;\"open;;;;;\nA;1;good;;;;;\n");
        let file = read_code_lists(&text[..]).unwrap();
        let found: Vec<_> = file.problems.iter().map(|problem| (problem.line, problem.kind)).collect();
        let invalid = |field, why| ProblemKind::Invalid { field, why };
        assert_eq!(
            found,
            [
                (2, invalid("list", Why::Missing)),
                (3, invalid("code", Why::Missing)),
                (4, invalid("name", Why::Missing)),
                (5, invalid("code", Why::TooLong { limit: CODE_MAX })),
                (6, invalid("name", Why::ControlCharacters)),
                (7, invalid(RECORD, Why::ColumnCount)),
                (8, invalid("name", Why::NotText)),
                (9, invalid(RECORD, Why::Unclosed)),
            ]
        );
        assert_eq!(file.lists["A"][0].line, 10);
        assert_eq!(file.problems[0].to_string(), "line 2: list is missing; the row is left out");
    }

    #[test]
    fn s8_two_stray_quotes_do_not_merge_the_lines_between_them_into_one_description() {
        let text =
            format!("{HEADER}A;1;x;\"one;;;;\nA;2;x;two;;;;\nA;3;x;\"three;;;;\nA;4;x;\"of\nlines\";;;;\n");
        let file = file(&text);
        let lines: Vec<_> = file.lists["A"].iter().map(|row| (row.line, row.description.as_str())).collect();
        assert_eq!(lines, [(3, "two"), (5, "of\nlines")]);
        assert_eq!(file.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn s8_the_sectors_own_file_is_read_as_the_specification_counts_it() {
        let Some(path) = real::file("vera-referentiedata.csv") else { return };
        let mut source = Source::open(&path, |_| ()).unwrap();
        let file = read_code_lists(&mut source).unwrap();
        assert_eq!(source.finish().unwrap(), super::super::sha256_of(&path).unwrap());
        for problem in &file.problems {
            println!("{} {problem}", problem.code());
        }
        assert_eq!((file.rows, file.lists.len()), (2_463, 245));
        let of = |code: &str| file.problems.iter().filter(|problem| problem.code() == code).count();
        assert_eq!(of("IMPORT_ROW_INVALID"), 4);
        assert_eq!(of("IMPORT_DUPLICATE_KEY"), 12);
        assert_eq!(of("IMPORT_UNKNOWN_PARENT"), 0);
        let dates: Vec<u64> = file
            .problems
            .iter()
            .filter(|problem| matches!(problem.kind, ProblemKind::Invalid { why: Why::NotADate, .. }))
            .map(|problem| problem.line)
            .collect();
        assert_eq!(dates, [406, 858, 1_124, 1_550]);
        let rows = file.lists.values().flatten();
        assert_eq!(rows.clone().count(), 2_463 - 16);
        assert_eq!(rows.filter(|row| row.parent.is_some()).count(), 820);
        let contractant = file.lists["RELATIEROLSOORT"].iter().find(|row| row.code == "CON").unwrap();
        assert_eq!(contractant.end, day(2022, 1, 1));
        // Ended, and again below without an end.
        let with_successor = file.lists["EENHEIDDETAILSOORT"].iter().find(|row| row.code == "BIJ").unwrap();
        assert_eq!(with_successor.end, None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_bytes_make_the_reader_of_code_lists_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_code_lists(&bytes[..]);
            let below = [HEADER.as_bytes(), &bytes].concat();
            prop_assert!(read_code_lists(&below[..]).is_ok());
        }

        #[test]
        fn no_row_vanishes_whatever_quotes_and_line_ends_stand_in_it(text in "[\";\n\rA1\u{e9}]{0,120}") {
            let file = file(&format!("{HEADER}{text}"));
            let left_out = file.problems.iter().filter(|p| p.kind != ProblemKind::UnknownParent).count();
            prop_assert_eq!(file.lists.values().flatten().count() + left_out, file.rows);
            prop_assert!(file.problems.is_sorted_by_key(|problem| problem.line));
        }
    }
}
