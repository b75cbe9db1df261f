//! A file of addresses, as made from the national register of addresses and buildings (BAG).

use std::io::Read;

use kroniek_domain::AddressRow;

use super::{
    RECORD, ReferenceFault, RowProblem, Why,
    records::{Column, Fields, Next, Records},
};

/// No field of an address runs over more than one line; a quote that does is a mistake.
const MAX_LINES: u64 = 1;

// Limits in characters. The longest in a real province (222,318 rows): street 33, city 13, letter 1, addition 4.
// Letter and addition have room to spare, since other sources put both in one column.
const STREET_MAX: usize = 80;
const CITY_MAX: usize = 80;
const LETTER_MAX: usize = 5;
const ADDITION_MAX: usize = 20;

const COLUMNS: &[Column] = &[
    Column { name: "street", accepted: &["straat", "street"], required: true },
    Column { name: "house_no", accepted: &["huisnummer", "house_number", "house_no"], required: true },
    Column { name: "letter", accepted: &["huisletter", "letter"], required: false },
    Column {
        name: "addition",
        accepted: &["huisnummertoevoeging", "huistoevoeging", "toevoeging", "addition"],
        required: false,
    },
    Column { name: "postcode", accepted: &["postcode"], required: true },
    Column { name: "city", accepted: &["woonplaats", "city"], required: true },
];
const STREET: usize = 0;
const HOUSE_NO: usize = 1;
const LETTER: usize = 2;
const ADDITION: usize = 3;
const POSTCODE: usize = 4;
const CITY: usize = 5;

/// The rows of an address file, one at a time, in the file's order.
///
/// The outer result says whether the file can still be read, and after a fault there is nothing more; the
/// inner one whether this line is an address. They are apart so that nobody takes a truncated file for a file
/// with one bad line.
///
/// An address without a postcode is passed over and counted: nobody can find it by one. (The real province that
/// the tests read has none.) A postcode that is malformed is a problem of that line.
pub struct AddressRows<R> {
    records: Records<R>,
    without_postcode: u64,
    ended: bool,
}

impl<R: Read> AddressRows<R> {
    /// Reads the first line, which says which column is what and how they are separated.
    pub fn new(reader: R) -> Result<Self, ReferenceFault> {
        let records = Records::new(reader, COLUMNS, MAX_LINES)?;
        Ok(Self { records, without_postcode: 0, ended: false })
    }

    /// How many addresses without a postcode were passed over so far.
    pub fn without_postcode(&self) -> u64 {
        self.without_postcode
    }

    /// The addresses alone; each problem is handed to `report` as it comes up. This is what an index is built
    /// from: it stops at a fault.
    pub fn addresses(
        &mut self,
        mut report: impl FnMut(RowProblem),
    ) -> impl Iterator<Item = Result<AddressRow, ReferenceFault>> {
        self.filter_map(move |row| match row {
            Ok(Ok(address)) => Some(Ok(address)),
            Ok(Err(problem)) => {
                report(problem);
                None
            }
            Err(fault) => Some(Err(fault)),
        })
    }
}

impl<R: Read> Iterator for AddressRows<R> {
    type Item = Result<Result<AddressRow, RowProblem>, ReferenceFault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let (line, fields) = match self.records.next() {
                Ok(Some(Next::Record { line, fields })) => (line, fields),
                Ok(Some(Next::Unclosed { line })) => {
                    return Some(Ok(Err(RowProblem::invalid(line, (RECORD, Why::Unclosed)))));
                }
                Ok(None) => break,
                Err(source) => {
                    self.ended = true;
                    return Some(Err(ReferenceFault::Read { source }));
                }
            };
            match read_row(&fields) {
                Ok(Some(address)) => return Some(Ok(Ok(address))),
                Ok(None) => self.without_postcode += 1,
                Err(what) => return Some(Ok(Err(RowProblem::invalid(line, what)))),
            }
        }
        self.ended = true;
        None
    }
}

/// An address, or nothing where it has no postcode.
fn read_row(fields: &Fields<'_>) -> Result<Option<AddressRow>, (&'static str, Why)> {
    if !fields.complete() {
        return Err((RECORD, Why::ColumnCount));
    }
    let street = text(fields, STREET, STREET_MAX)?;
    let house_no = fields.text(HOUSE_NO).ok_or(("house_no", Why::NotText))?;
    let letter = text(fields, LETTER, LETTER_MAX)?;
    let addition = text(fields, ADDITION, ADDITION_MAX)?;
    let postcode = fields.text(POSTCODE).ok_or(("postcode", Why::NotText))?;
    let city = text(fields, CITY, CITY_MAX)?;
    for (field, text) in [("street", street), ("house_no", house_no), ("city", city)] {
        if text.is_empty() {
            return Err((field, Why::Missing));
        }
    }
    let house_no = parse_house_no(house_no).ok_or(("house_no", Why::NotAHouseNumber))?;
    if postcode.is_empty() {
        return Ok(None);
    }
    let postcode = parse_postcode(postcode).ok_or(("postcode", Why::NotAPostcode))?;
    Ok(Some(AddressRow {
        street: street.to_owned(),
        house_no,
        letter: letter.to_owned(),
        addition: addition.to_owned(),
        postcode,
        city: city.to_owned(),
    }))
}

fn text<'a>(fields: &Fields<'a>, column: usize, limit: usize) -> Result<&'a str, (&'static str, Why)> {
    let field = COLUMNS.get(column).map_or(RECORD, |column| column.name);
    let text = fields.text(column).ok_or((field, Why::NotText))?;
    if text.chars().count() > limit {
        return Err((field, Why::TooLong { limit }));
    }
    if text.contains(char::is_control) {
        return Err((field, Why::ControlCharacters));
    }
    Ok(text)
}

/// 1 to 99999, in digits only: `parse` alone would take a plus sign.
fn parse_house_no(text: &str) -> Option<u32> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| (1..=99_999).contains(number))
}

/// `1234AB` from what also may be written `1234 ab`. The pairs SA, SD and SS are never given out.
fn parse_postcode(text: &str) -> Option<String> {
    let mut postcode = text.to_ascii_uppercase();
    if postcode.as_bytes().get(4) == Some(&b' ') {
        postcode.remove(4);
    }
    let [first, d2, d3, d4, l1, l2] = postcode.as_bytes() else { return None };
    let digits = matches!(first, b'1'..=b'9') && [d2, d3, d4].iter().all(|byte| byte.is_ascii_digit());
    let letters = l1.is_ascii_uppercase() && l2.is_ascii_uppercase();
    let given_out = !(*l1 == b'S' && matches!(l2, b'A' | b'D' | b'S'));
    (digits && letters && given_out).then_some(postcode)
}

#[cfg(test)]
mod tests {
    use super::super::{Source, real, sha256_of};
    use super::*;
    use kroniek_views::addresses::AddressIndex;
    use proptest::prelude::*;
    use std::{io, time::Instant};

    fn read(text: &[u8]) -> Vec<Result<AddressRow, RowProblem>> {
        AddressRows::new(text).unwrap().map(Result::unwrap).collect()
    }

    fn address(street: &str, house_no: u32, letter: &str, addition: &str, postcode: &str) -> AddressRow {
        let [street, letter, addition, postcode, city] =
            [street, letter, addition, postcode, "Nergens"].map(str::to_owned);
        AddressRow { street, house_no, letter, addition, postcode, city }
    }

    #[test]
    fn e1_21_columns_go_by_name_whatever_the_order_and_the_separator() {
        let register = "straat;huisnummer;huisletter;huisnummertoevoeging;postcode;woonplaats;gemeente;provincie;lat;lon\r\n\
                        Dorpsweg;5;B;2;9999XA;Nergens;Nergens;Elders;1.0;2.0\r\n";
        let quoted = "\"straat\",\"huisnummer\",\"huisletter\",\"huistoevoeging\",\"woonplaats\",\"postcode\"\n\
                      \"Dorpsweg\",\"5\",\"B\",\"2\",\"Nergens\",\"9999 xa\"\n";
        let english =
            "city\tpostcode\taddition\tletter\thouse_number\tstreet\nNergens\t9999XA\t2\tB\t5\tDorpsweg";
        for text in [register, quoted, english] {
            assert_eq!(read(text.as_bytes()), [Ok(address("Dorpsweg", 5, "B", "2", "9999XA"))]);
        }
    }

    #[test]
    fn e1_21_a_bad_line_is_reported_with_its_field_and_the_next_is_read() {
        let text = b"street;house_number;postcode;city\n\
            Dorpsweg;1;9999XA;Nergens\n\
            Dorpsweg;0;9999XA;Nergens\n\
            Dorpsweg;100000;9999XA;Nergens\n\
            Dorpsweg;+2;9999XA;Nergens\n\
            Dorpsweg;;9999XA;Nergens\n\
            ;2;9999XA;Nergens\n\
            Dorpsweg;2;0999XA;Nergens\n\
            Dorpsweg;2;9999SS;Nergens\n\
            Dorpsweg;2;9999X;Nergens\n\
            Dorpsweg;2;9999XA;\n\
            Dorpsweg;2;9999XA\n\
            Dorps\x07weg;2;9999XA;Nergens\n\
            Dorpsw\xEBg;2;9999XA;Nergens\n\
            \"Dorpsweg;2;9999XA;Nergens\n\
            Dorpsweg;2;;Nergens\n\
            Dorpsweg;2;9999XA;Nergens\n";
        let mut rows = AddressRows::new(&text[..]).unwrap();
        let mut problems = Vec::new();
        let good: Vec<_> = rows
            .addresses(|problem| problems.push((problem.line, problem.kind)))
            .map(Result::unwrap)
            .collect();
        assert_eq!(
            good,
            [address("Dorpsweg", 1, "", "", "9999XA"), address("Dorpsweg", 2, "", "", "9999XA")]
        );
        assert_eq!(rows.without_postcode(), 1);
        let invalid = |line, field, why| (line, super::super::ProblemKind::Invalid { field, why });
        assert_eq!(
            problems,
            [
                invalid(3, "house_no", Why::NotAHouseNumber),
                invalid(4, "house_no", Why::NotAHouseNumber),
                invalid(5, "house_no", Why::NotAHouseNumber),
                invalid(6, "house_no", Why::Missing),
                invalid(7, "street", Why::Missing),
                invalid(8, "postcode", Why::NotAPostcode),
                invalid(9, "postcode", Why::NotAPostcode),
                invalid(10, "postcode", Why::NotAPostcode),
                invalid(11, "city", Why::Missing),
                invalid(12, RECORD, Why::ColumnCount),
                invalid(13, "street", Why::ControlCharacters),
                invalid(14, "street", Why::NotText),
                invalid(15, RECORD, Why::Unclosed),
            ]
        );
    }

    #[test]
    fn e1_21_a_file_that_breaks_off_ends_in_a_fault_and_not_in_silence() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::from(io::ErrorKind::UnexpectedEof))
            }
        }
        let start = &b"street;house_number;postcode;city\nDorpsweg;1;9999XA;Nergens\nDorpsweg;2;99"[..];
        let mut rows = AddressRows::new(start.chain(Broken)).unwrap();
        assert!(matches!(rows.next(), Some(Ok(Ok(_)))));
        assert!(matches!(rows.next(), Some(Err(ReferenceFault::Read { .. }))));
        assert!(rows.next().is_none());
    }

    #[test]
    fn e1_21_every_address_of_a_real_province_is_read_indexed_and_found() {
        let Some(path) = real::file("bag-addresses-flevoland.csv.zst") else { return };
        let started = Instant::now();
        let mut source = Source::open(&path, |_| ()).unwrap();
        let mut rows = AddressRows::new(&mut source).unwrap();
        let mut problems = 0;
        let addresses: Vec<_> = rows.addresses(|_| problems += 1).map(Result::unwrap).collect();
        assert_eq!((addresses.len(), problems, rows.without_postcode()), (222_318, 0, 0));
        drop(rows);
        let sha256 = source.finish().unwrap();
        assert_eq!(sha256, sha256_of(&path).unwrap());
        println!("read in {:?}", started.elapsed());

        let dir = tempfile::tempdir().unwrap();
        let index = dir.path().join("addresses.index");
        let started = Instant::now();
        let stored = AddressIndex::build(addresses.iter().cloned(), &index, &sha256).unwrap();
        let bytes = index.metadata().unwrap().len();
        println!("indexed {stored} rows in {:?}, {bytes} bytes", started.elapsed());
        // 108 rows of the register's file are the same in all six fields.
        assert_eq!(stored, 222_318 - 108);
        let index = AddressIndex::open(&index, &sha256).unwrap();
        assert_eq!(index.rows(), stored);
        let found = index.find("1309AA", 2).unwrap();
        assert!(!found.is_empty());
        assert!(found.iter().all(|row| row.street == "Oostvaardersdiep" && row.city == "Almere"));
        let started = Instant::now();
        let asked = addresses.iter().step_by(37);
        let count = asked.clone().count();
        for address in asked {
            assert!(index.find(&address.postcode, address.house_no).unwrap().contains(address));
        }
        println!("{count} lookups in {:?}", started.elapsed());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn e1_21_no_bytes_make_the_reader_of_addresses_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..400),
        ) {
            if let Ok(rows) = AddressRows::new(&bytes[..]) {
                rows.for_each(drop);
            }
            let below = [&b"street;house_number;postcode;city\n"[..], &bytes].concat();
            prop_assert!(AddressRows::new(&below[..]).unwrap().all(|row| row.is_ok()));
        }

        #[test]
        fn e1_21_no_text_makes_the_reader_of_addresses_panic(text in "[\";\n\rA1 é9XB\t]{0,120}") {
            let below = format!("street;house_number;postcode;city\n{text}");
            prop_assert!(AddressRows::new(below.as_bytes()).unwrap().all(|row| row.is_ok()));
        }
    }
}
