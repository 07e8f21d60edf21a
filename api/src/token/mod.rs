//! Tokens (placeholder while the real one is written).
use uuid::Uuid;
pub struct Keyring;
pub struct Claims {
    pub sub: Uuid,
    pub org: Uuid,
    pub epoch: i32,
    pub org_epoch: i32,
}
