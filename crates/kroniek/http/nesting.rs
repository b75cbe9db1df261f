//! How deep the text of a query nests, told before it is parsed.
//!
//! The library parses and checks nested lists and input objects by recursion, without a limit of its own: 6,000 brackets,
//! 12 kilobytes, took the process down over its stack. Its limits on the depth of fields come too late for that.

/// Deepest nesting of brackets that is parsed. The schema takes 20 fields in one another, and inputs are flatter.
pub(super) const DEEPEST: usize = 64;

/// How deep brackets nest outside strings and comments; `None` when a string is not closed, which no query may do.
pub(super) fn depth(query: &str) -> Option<usize> {
    let mut rest = query.as_bytes();
    let (mut depth, mut deepest) = (0_usize, 0);
    loop {
        rest = match rest {
            [] => return Some(deepest),
            [b'#', comment @ ..] => after_line(comment),
            [b'"', b'"', b'"', text @ ..] => after_block_string(text)?,
            [b'"', text @ ..] => after_string(text)?,
            [b'(' | b'[' | b'{', inside @ ..] => {
                depth += 1;
                deepest = deepest.max(depth);
                inside
            }
            [b')' | b']' | b'}', outside @ ..] => {
                depth = depth.saturating_sub(1);
                outside
            }
            [_, next @ ..] => next,
        };
    }
}

fn after_line(comment: &[u8]) -> &[u8] {
    let end = comment.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(comment.len());
    &comment[end..]
}

fn after_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [] | [b'\n' | b'\r', ..] => return None,
            [b'"', outside @ ..] => return Some(outside),
            [b'\\', _, next @ ..] | [_, next @ ..] => next,
        };
    }
}

fn after_block_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        text = match text {
            [] => return None,
            [b'"', b'"', b'"', outside @ ..] => return Some(outside),
            [b'\\', b'"', b'"', b'"', next @ ..] | [_, next @ ..] => next,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_count_only_where_they_nest() {
        for (query, expected) in [
            ("", Some(0)),
            ("{ a }", Some(1)),
            ("query($a: [Int!]!) { a(x: {b: [1, [2]]}) { c } d { e } }", Some(5)),
            ("{ a(x: \"(((\") }", Some(2)),
            ("{ a(x: \"\\\"(((\") }", Some(2)),
            ("{ a(x: \"\\\\\", y: [1]) }", Some(3)),
            ("{ a(x: \"\"\"((( \" \\\"\"\" [[[ \"\"\") }", Some(2)),
            ("{ a(x: \"\", y: \"\"\"\"\"\", z: [1]) }", Some(3)),
            ("{ # (((\n a # {{{\r}", Some(1)),
            ("{ a(x: \"é(\") }", Some(2)),
            (")))((", Some(2)),
            // A closing bracket in a string closes nothing.
            ("[\"]\" [\"]\" [", Some(3)),
            // What no parser may take for the start of something else.
            ("{ a(x: \"(((", None),
            ("{ a(x: \"\n\") }", None),
            ("{ a(x: \"\"\" \" [[[ ) }", None),
            ("{ a(x: \"\\", None),
        ] {
            assert_eq!(depth(query), expected, "{query}");
        }
    }
}
