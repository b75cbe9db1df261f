//! The positions of the commits that name an entity: the newest in its own row, older ones in chunks.

/// Positions that a row holds. More would make every write of a busy entity longer, fewer would make more chunks.
const KEPT: usize = 64;

/// Adds a chunk.
pub(crate) const INSERT: &str =
    "INSERT OR REPLACE INTO history (entity, first, positions) VALUES (?1, ?2, ?3)";

/// Positions, parted into what stays in the row and a chunk that goes to the table.
pub(crate) struct Split {
    /// For the row, encoded.
    pub(crate) kept: Vec<u8>,
    /// The first position of the chunk, and the chunk, encoded.
    pub(crate) spilled: Option<(u64, Vec<u8>)>,
}

/// Adds positions to those that a row holds, encoded; when they are too many for a row, all but the newest half of a
/// row's worth go.
pub(crate) fn split(before: &[u8], new: &[u64]) -> Split {
    let mut kept = before.to_vec();
    kept.extend(new.iter().flat_map(|position| position.to_le_bytes()));
    if kept.len() <= KEPT * 8 {
        return Split { kept, spilled: None };
    }
    let rest = kept.split_off(kept.len() - KEPT / 2 * 8);
    let first = decode(&kept).next().unwrap_or_default();
    Split { kept: rest, spilled: Some((first, kept)) }
}

/// All positions as one chunk, for an entity whose row holds none.
pub(crate) fn all(positions: &[u64]) -> Split {
    let spilled = positions
        .first()
        .map(|first| (*first, positions.iter().flat_map(|position| position.to_le_bytes()).collect()));
    Split { kept: Vec::new(), spilled }
}

/// The positions in an encoded row or chunk.
pub(crate) fn decode(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_in_the_row_or_in_a_chunk_in_order() {
        let (mut row, mut chunks) = (Vec::new(), Vec::new());
        for position in 1..1000 {
            let split = split(&row, &[position]);
            if let Some((first, chunk)) = split.spilled {
                assert_eq!(decode(&chunk).next(), Some(first));
                chunks.extend(decode(&chunk));
            }
            row = split.kept;
            assert!(row.len() <= KEPT * 8 && !row.is_empty());
            let all: Vec<_> = chunks.iter().copied().chain(decode(&row)).collect();
            assert_eq!(all, (1..=position).collect::<Vec<_>>());
        }
    }

    #[test]
    fn many_at_once_are_one_chunk() {
        let many: Vec<_> = (1..=1000).collect();
        let split = split(&[], &many);
        let (first, chunk) = split.spilled.expect("spills");
        assert_eq!(first, 1);
        assert_eq!(decode(&chunk).chain(decode(&split.kept)).collect::<Vec<_>>(), many);
        assert!(all(&[]).spilled.is_none());
    }
}
