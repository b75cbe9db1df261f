//! Global ids: opaque on the wire, an entity inside.
//!
//! An id is the base64url form of what [`EntityId`] writes (`contact:123`). Clients keep it and send it back; they never
//! read it. Ids hold no personal data.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kroniek_domain::{ContactId, CustomerId, EntityId, InteractionId, TaskId};

/// Longest id that is looked at.
const LIMIT: usize = 200;

/// The global id of an entity.
pub fn of(entity: &EntityId) -> ID {
    ID(URL_SAFE_NO_PAD.encode(entity.to_string()))
}

/// The global id of a contact.
pub fn of_contact(id: ContactId) -> ID {
    of(&EntityId::Contact(id))
}

/// The global id of a customer.
pub fn of_customer(id: CustomerId) -> ID {
    of(&EntityId::Customer(id))
}

/// The entity that a global id names; `None` for what was never an id of this server.
pub fn entity(id: &ID) -> Option<EntityId> {
    if id.len() > LIMIT {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(id.as_str()).ok()?;
    let entity: EntityId = std::str::from_utf8(&bytes).ok()?.parse().ok()?;
    // One entity has one id: other spellings of the same number are not ids.
    (of(&entity) == *id).then_some(entity)
}

/// The contact that a global id names; `None` for anything else.
pub fn contact(id: &ID) -> Option<ContactId> {
    entity(id)?.contact()
}

/// The customer that a global id names; `None` for anything else.
pub fn customer(id: &ID) -> Option<CustomerId> {
    entity(id)?.customer()
}

/// The contact moment that a global id names; `None` for anything else.
pub fn interaction(id: &ID) -> Option<InteractionId> {
    entity(id)?.interaction()
}

/// The task that a global id names; `None` for anything else.
pub fn task(id: &ID) -> Option<TaskId> {
    entity(id)?.task()
}

/// The code of the employee that a global id names; `None` for anything else.
pub fn employee(id: &ID) -> Option<String> {
    entity(id)?.employee().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_as_the_entity_that_it_was_made_of() {
        for name in [
            "contact:1",
            "customer:18446744073709551615",
            "code-list:ROLE",
            "address-table",
            "interaction:5",
            "task:9",
            "template:BEL",
            "team:VERHUUR",
            "employee:JDV",
        ] {
            let named: EntityId = name.parse().unwrap();
            assert_eq!(entity(&of(&named)), Some(named));
        }
        assert_eq!(contact(&of_contact(ContactId(7))), Some(ContactId(7)));
        assert_eq!(customer(&of_contact(ContactId(7))), None);
        assert_eq!(contact(&of_customer(CustomerId(7))), None);
    }

    #[test]
    fn what_is_no_id_names_nothing() {
        let padded = URL_SAFE_NO_PAD.encode("contact:007");
        let unknown = URL_SAFE_NO_PAD.encode("planet:1");
        let long = "A".repeat(1000);
        for text in ["", "contact:1", "7", "!!", "Y29udGFjdDox=", &padded, &unknown, &long] {
            assert_eq!(entity(&ID(text.to_owned())), None, "{text}");
        }
    }
}
