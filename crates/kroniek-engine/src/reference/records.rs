//! Records of a CSV file with what the `csv` crate does not tell: the physical line on which each begins, and
//! a stop to a quote that is never closed.
//!
//! The crate splits fields and undoes quotes. It is fed one physical line at a time, so the line that was
//! handed over last is the line it is at. Its own line count is off by one after `\r\n` and after blank
//! lines, and an unclosed quote makes it swallow the rest of the file into one field: rows that vanish
//! without a word. Here such a line is reported alone, and reading goes on with the line below it.

use std::io::{self, BufRead, BufReader, Read};

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::ReferenceFault;

/// A record beyond this is garbage: the longest description in the sector's code lists has 1,257 characters.
const MAX_RECORD_BYTES: usize = 64 * 1024;

/// A column of a kind of file.
pub(super) struct Column {
    /// This program's name for it.
    pub(super) name: &'static str,
    /// The names that it may have in the file, in lower case.
    pub(super) accepted: &'static [&'static str],
    /// Whether the file is of no use without it.
    pub(super) required: bool,
}

/// What is read next.
pub(super) enum Next<'a> {
    /// A record.
    Record {
        /// The physical line on which it begins.
        line: u64,
        /// Its fields.
        fields: Fields<'a>,
    },
    /// A line that cannot be made a record of: a quote is not closed, or it is too long.
    Unclosed {
        /// The line.
        line: u64,
    },
}

/// The fields of one record, by this program's columns.
pub(super) struct Fields<'a> {
    record: &'a ByteRecord,
    places: &'a [Option<usize>],
    header_len: usize,
}

impl<'a> Fields<'a> {
    /// Whether the record has as many fields as the header. Where it has not, fields are shifted, and values
    /// would be taken for what they are not.
    pub(super) fn complete(&self) -> bool {
        self.record.len() == self.header_len
    }

    /// The field of a column without blanks around it; empty where the file lacks the column. `None` when it
    /// is not UTF-8.
    pub(super) fn text(&self, column: usize) -> Option<&'a str> {
        let place = self.places.get(column).copied().flatten();
        let bytes = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        std::str::from_utf8(bytes).ok().map(str::trim)
    }
}

/// The records of a file whose first line names the columns.
pub(super) struct Records<R> {
    /// Empty only while a new one is put in its place.
    reader: Option<csv::Reader<Feed<R>>>,
    separator: u8,
    record: ByteRecord,
    /// For each of this program's columns: which field of a record it is.
    places: Vec<Option<usize>>,
    header_len: usize,
}

impl<R: Read> Records<R> {
    /// Reads the header. `max_lines` is how many physical lines a quoted field may run over.
    pub(super) fn new(input: R, columns: &[Column], max_lines: u64) -> Result<Self, ReferenceFault> {
        let mut lines = Feed::new(input, max_lines);
        let header = lines.header()?;
        let (separator, places, header_len) = read_header(&header, columns)?;
        let reader = Some(builder(separator).from_reader(lines));
        Ok(Self { reader, separator, record: ByteRecord::new(), places, header_len })
    }

    /// The next record; blank lines, and the rows of separators alone that spreadsheets leave at the end, are
    /// passed over. After an error there is nothing more.
    pub(super) fn next(&mut self) -> io::Result<Option<Next<'_>>> {
        loop {
            let Some(reader) = &mut self.reader else { return Ok(None) };
            reader.get_mut().begin_record();
            let read = reader.read_byte_record(&mut self.record);
            let lines = reader.get_ref();
            let line = lines.record_line;
            // Every line that is handed over ends in a newline, so a record that needed the end of the file
            // to be complete has a quote that was never closed. One that is closed by the next stray quote,
            // some lines below, shows by what stands behind that quote.
            let overrun = lines.overrun;
            let unclosed =
                lines.at_end || (lines.record_lines > 1 && !is_well_quoted(&lines.record, self.separator));
            match read {
                Ok(false) => {
                    self.reader = None;
                    return Ok(None);
                }
                Ok(true) if unclosed => {
                    self.reopen()?;
                    return Ok(Some(Next::Unclosed { line }));
                }
                // Only the feed's own stop: an error of the file must come out, not be read past.
                Err(_) if overrun => {
                    self.reopen()?;
                    return Ok(Some(Next::Unclosed { line }));
                }
                Ok(true) => {
                    if self.record.iter().all(|field| field.trim_ascii().is_empty()) {
                        continue;
                    }
                    let fields =
                        Fields { record: &self.record, places: &self.places, header_len: self.header_len };
                    return Ok(Some(Next::Record { line, fields }));
                }
                Err(error) => {
                    self.reader = None;
                    return Err(match error.into_kind() {
                        csv::ErrorKind::Io(error) => error,
                        other => io::Error::other(format!("{other:?}")),
                    });
                }
            }
        }
    }

    /// Goes on with the line below the one that could not be read, with a splitter that is outside any quote.
    fn reopen(&mut self) -> io::Result<()> {
        let Some(reader) = self.reader.take() else { return Ok(()) };
        // The splitter's own buffer is empty here: it asked for more and was told that there is none.
        let mut lines = reader.into_inner();
        lines.drop_first_line()?;
        self.reader = Some(builder(self.separator).from_reader(lines));
        Ok(())
    }
}

/// One dialect: a line ends in `\n` (the `\r` before it is trimmed with the other blanks), rows may differ in
/// length (that is reported per line), quotes are doubled.
fn builder(separator: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::Any(b'\n'))
        .buffer_capacity(8 * 1024);
    builder
}

/// Whether every quoted field of a record ends at its closing quote. The `csv` crate lets more text follow,
/// which within one line does no harm; over several lines it is the mark of two lines that ran into one.
fn is_well_quoted(record: &[u8], separator: u8) -> bool {
    let ends_field = |byte: u8| byte == separator || matches!(byte, b'\n' | b'\r');
    let mut bytes = record.iter().copied().peekable();
    let mut at_start = true;
    while let Some(byte) = bytes.next() {
        if !(at_start && byte == b'"') {
            at_start = ends_field(byte);
            continue;
        }
        // Within quotes, to the quote that is not one of a pair.
        loop {
            match bytes.next() {
                None => return false,
                Some(b'"') if bytes.next_if_eq(&b'"').is_none() => break,
                Some(_) => {}
            }
        }
        if bytes.peek().is_some_and(|byte| !ends_field(*byte)) {
            return false;
        }
        at_start = false;
    }
    true
}

/// Finds the separator and the places of the columns.
///
/// The separator is the one under which the header names the most of our columns: counting separators would
/// be misled by a comma inside a column's name.
fn read_header(header: &[u8], columns: &[Column]) -> Result<(u8, Vec<Option<usize>>, usize), ReferenceFault> {
    let text = std::str::from_utf8(header).map_err(|_| ReferenceFault::HeaderNotText)?;
    let mut best: Option<(usize, u8, Vec<String>)> = None;
    for separator in *b";,\t" {
        let mut record = csv::StringRecord::new();
        let read = builder(separator).from_reader(text.as_bytes()).read_record(&mut record);
        if !matches!(read, Ok(true)) {
            continue;
        }
        let names: Vec<String> = record.iter().map(|name| name.trim().to_lowercase()).collect();
        let known = columns.iter().filter(|column| names.iter().any(|name| column.is(name))).count();
        if best.as_ref().is_none_or(|(most, ..)| known > *most) {
            best = Some((known, separator, names));
        }
    }
    let Some((_, separator, names)) = best else { return Err(ReferenceFault::Empty) };
    let mut places = Vec::with_capacity(columns.len());
    for column in columns {
        let mut found = names.iter().enumerate().filter(|(_, name)| column.is(name)).map(|(at, _)| at);
        let place = found.next();
        if found.next().is_some() {
            return Err(ReferenceFault::RepeatedColumn { column: column.name });
        }
        if place.is_none() && column.required {
            return Err(ReferenceFault::MissingColumn { column: column.name, accepted: column.accepted });
        }
        places.push(place);
    }
    Ok((separator, places, names.len()))
}

impl Column {
    fn is(&self, name: &str) -> bool {
        self.accepted.contains(&name)
    }
}

/// Hands over at most one physical line per read, and remembers the record in progress so that its later
/// lines can be read again.
struct Feed<R> {
    input: BufReader<R>,
    /// The physical line that is being handed over, from 1.
    line: u64,
    /// Whether the next byte begins a line.
    at_start: bool,
    /// The line on which the record in progress begins.
    record_line: u64,
    /// What was handed over for the record in progress.
    record: Vec<u8>,
    record_lines: u64,
    /// Bytes to hand over again, before the input goes on; read from `again_at`.
    again: Vec<u8>,
    again_at: usize,
    max_lines: u64,
    /// The record in progress grew beyond what a record may be.
    overrun: bool,
    /// The end of the file was reached within the record in progress.
    at_end: bool,
}

impl<R: Read> Feed<R> {
    fn new(input: R, max_lines: u64) -> Self {
        Self {
            input: BufReader::with_capacity(64 * 1024, input),
            line: 0,
            at_start: true,
            record_line: 1,
            record: Vec::new(),
            record_lines: 0,
            again: Vec::new(),
            again_at: 0,
            max_lines,
            overrun: false,
            at_end: false,
        }
    }

    fn begin_record(&mut self) {
        self.record.clear();
        self.record_lines = 0;
        self.overrun = false;
        self.at_end = false;
    }

    /// The first line, without the mark that some programs put before UTF-8.
    fn header(&mut self) -> Result<Vec<u8>, ReferenceFault> {
        let mut header = Vec::new();
        let mut limited = (&mut self.input).take(MAX_RECORD_BYTES as u64);
        limited.read_until(b'\n', &mut header)?;
        self.line = 1;
        if header.len() == MAX_RECORD_BYTES {
            return Err(ReferenceFault::HeaderNotText);
        }
        let text = header.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&header).trim_ascii();
        if text.is_empty() {
            return Err(ReferenceFault::Empty);
        }
        Ok(text.to_vec())
    }

    /// What comes next, retried when a signal interrupts the read (which `fill_buf` leaves to its caller).
    fn available(&mut self) -> io::Result<&[u8]> {
        if self.again_at < self.again.len() {
            return Ok(self.again.get(self.again_at..).unwrap_or_default());
        }
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        // Filled already: this only borrows it again.
        self.input.fill_buf()
    }

    fn used(&mut self, n: usize) {
        if self.again_at < self.again.len() {
            self.again_at += n;
        } else {
            self.input.consume(n);
        }
    }

    /// Gives up the first line of the record in progress and puts back what was handed over after it.
    fn drop_first_line(&mut self) -> io::Result<()> {
        if let Some(end) = self.record.iter().position(|byte| *byte == b'\n') {
            let mut again = self.record.split_off(end + 1);
            again.extend_from_slice(self.again.get(self.again_at..).unwrap_or_default());
            self.again = again;
            self.again_at = 0;
        } else {
            // One line that is too long: pass over the rest of it without holding it.
            loop {
                let (n, ended) = {
                    let rest = self.available()?;
                    match rest.iter().position(|byte| *byte == b'\n') {
                        Some(end) => (end + 1, true),
                        None => (rest.len(), rest.is_empty()),
                    }
                };
                self.used(n);
                if ended {
                    break;
                }
            }
        }
        self.line = self.record_line;
        self.at_start = true;
        self.begin_record();
        Ok(())
    }
}

impl<R: Read> Read for Feed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let room = buf.len();
        if room == 0 {
            return Ok(0);
        }
        if self.at_start && self.record == b"\n" {
            // The splitter passes over a blank line by itself: the record begins below it.
            self.begin_record();
        }
        let starts_line = self.at_start;
        let available = self.available()?;
        if available.is_empty() {
            if starts_line {
                self.at_end = true;
                return Ok(0);
            }
            // A last line without a newline gets one, so that an unclosed quote can be told from an end.
            self.at_start = true;
            if let Some(first) = buf.first_mut() {
                *first = b'\n';
            }
            self.record.push(b'\n');
            return Ok(1);
        }
        let n =
            available.iter().position(|byte| *byte == b'\n').map_or(available.len(), |end| end + 1).min(room);
        let piece = available.get(..n).unwrap_or_default();
        let ends_line = piece.ends_with(b"\n");
        if let Some(to) = buf.get_mut(..n) {
            to.copy_from_slice(piece);
        }
        let lines = self.record_lines + u64::from(starts_line);
        if lines > self.max_lines || self.record.len() + n > MAX_RECORD_BYTES {
            self.overrun = true;
            return Err(io::Error::other("a record without end"));
        }
        if starts_line {
            self.line += 1;
            if self.record_lines == 0 {
                self.record_line = self.line;
            }
        }
        self.record_lines = lines;
        self.record.extend_from_slice(buf.get(..n).unwrap_or_default());
        self.used(n);
        self.at_start = ends_line;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column { name: "a", accepted: &["a"], required: true },
        Column { name: "b", accepted: &["b"], required: true },
    ];

    /// What is read of `text`: (line, fields), or (line, nothing) where a line is given up.
    fn read(text: &str, max_lines: u64) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text.as_bytes(), COLUMNS, max_lines).unwrap();
        let mut out = Vec::new();
        while let Some(next) = records.next().unwrap() {
            out.push(match next {
                Next::Unclosed { line } => (line, Vec::new()),
                Next::Record { line, fields } => {
                    (line, (0..2).map(|column| fields.text(column).unwrap().to_owned()).collect())
                }
            });
        }
        out
    }

    fn row(line: u64, a: &str, b: &str) -> (u64, Vec<String>) {
        (line, vec![a.to_owned(), b.to_owned()])
    }

    #[test]
    fn line_numbers_are_those_of_an_editor_after_crlf_blank_lines_and_lines_in_quotes() {
        let text = "a;b\r\n1;x\r\n\r\n\r\n2;\"y\r\nz\"\r\n\n3;w\r\n";
        assert_eq!(read(text, 9), [row(2, "1", "x"), row(5, "2", "y\r\nz"), row(8, "3", "w")]);
        assert_eq!(read("a;b\n1;x\n\n\n2;y", 9), [row(2, "1", "x"), row(5, "2", "y")]);
        assert_eq!(read("a;b\n1;x\n\n\n\n\n\n2;y\n\n\n", 1), [row(2, "1", "x"), row(8, "2", "y")]);
    }

    #[test]
    fn an_unclosed_quote_costs_one_line_and_not_the_rest_of_the_file() {
        let text = "a;b\n1;x\n2;\"y\n3;z\n4;w";
        // The quote runs to the end of the file, or beyond the lines that a record may have: both cost line
        // 3.
        for max_lines in [1, 2, 9] {
            let expected = [row(2, "1", "x"), (3, vec![]), row(4, "3", "z"), row(5, "4", "w")];
            assert_eq!(read(text, max_lines), expected, "{max_lines} lines");
        }
        assert_eq!(read("a;b\n1;\"x", 9), [(2, vec![])]);
        assert_eq!(read("a;b\n1;\"x\n", 9), [(2, vec![])]);
        // Two of them, the second within what is read again.
        assert_eq!(read("a;b\n;\"p\n;\"q\n5;5\n", 9), [(2, vec![]), (3, vec![]), row(4, "5", "5")]);
    }

    #[test]
    fn a_line_without_end_costs_that_line_and_no_memory() {
        let text = format!("a;b\n1;{}\n2;y\n", "x".repeat(3 * MAX_RECORD_BYTES));
        assert_eq!(read(&text, 9), [(2, vec![]), row(3, "2", "y")]);
        let no_newline = format!("a;b\n1;{}", "x".repeat(3 * MAX_RECORD_BYTES));
        assert_eq!(read(&no_newline, 9), [(2, vec![])]);
    }

    #[test]
    fn an_error_of_the_file_comes_out_also_when_the_file_would_read_on_after_it() {
        /// Fails once and then says that it is at its end, as a decompressor may.
        struct FailsOnce(bool);
        impl Read for FailsOnce {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) { Ok(0) } else { Err(io::Error::other("gone")) }
            }
        }
        let input = (&b"a;b\n1;x\n2;\"y\n"[..]).chain(FailsOnce(false));
        let mut records = Records::new(input, COLUMNS, 9).unwrap();
        assert!(matches!(records.next(), Ok(Some(Next::Record { line: 2, .. }))));
        assert!(records.next().is_err());
        assert!(matches!(records.next(), Ok(None)));
    }

    #[test]
    fn a_quote_inside_a_field_that_is_not_quoted_is_a_quote() {
        assert_eq!(
            read("a;b\n1;pipe of 5\" wide\n2;y\n", 9),
            [row(2, "1", "pipe of 5\" wide"), row(3, "2", "y")]
        );
        assert_eq!(read("a;b\n1;\"say \"\"no\"\"; then go\"\n", 9), [row(2, "1", "say \"no\"; then go")]);
    }

    #[test]
    fn the_separator_is_found_and_columns_go_by_name() {
        for text in
            ["b;a\ny;x\n", "b,a\ny,x\n", "b\ta\ny\tx\n", "\u{feff}\"B\";\"A\"\ny;x\n", "q,r;b;a\n0;y;x\n"]
        {
            assert_eq!(read(text, 1), [row(2, "x", "y")], "{text:?}");
        }
        let fault = |text: &str| Records::new(text.as_bytes(), COLUMNS, 1).map(|_| ()).unwrap_err();
        assert!(matches!(fault("a;c\n"), ReferenceFault::MissingColumn { column: "b", .. }));
        assert!(matches!(fault("a;b;A\n"), ReferenceFault::RepeatedColumn { column: "a" }));
        assert!(matches!(fault(""), ReferenceFault::Empty));
        assert!(matches!(fault("\u{feff}\r\n"), ReferenceFault::Empty));
        let utf16 = Records::new(&b"\xFF\xFEa\0;\0b\0"[..], COLUMNS, 1).map(|_| ()).unwrap_err();
        assert!(matches!(utf16, ReferenceFault::HeaderNotText));
    }
}
