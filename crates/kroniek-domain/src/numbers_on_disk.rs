//! Enums inside payloads have explicit numbers: serde would take the order of declaration, and a reordered enum would
//! then silently change the meaning of history.

/// Gives an enum its numbers on disk (`Into<u8>`, `TryFrom<u8>`) and the list of all its values. The numbers are the
/// storage format: never reuse one.
macro_rules! stored_numbers {
    ($name:ident { $( $variant:ident = $number:literal ),+ $(,)? }) => {
        impl $name {
            /// All values, in the order of their numbers.
            pub const ALL: &[Self] = &[ $( Self::$variant ),+ ];
        }

        impl From<$name> for u8 {
            fn from(value: $name) -> u8 {
                match value { $( $name::$variant => $number ),+ }
            }
        }

        impl TryFrom<u8> for $name {
            type Error = String;

            fn try_from(number: u8) -> Result<Self, String> {
                match number {
                    $( $number => Ok(Self::$variant), )+
                    other => Err(format!("{other} is no {}", stringify!($name))),
                }
            }
        }
    };
}
pub(crate) use stored_numbers;
