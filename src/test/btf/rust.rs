// What Rust has and C has not: enums with data, slices, trait objects, structs whose members the compiler moves, names in modules.
#![no_std]
#![allow(dead_code)]
use core::panic::PanicInfo;
#[panic_handler] fn panic(_: &PanicInfo) -> ! { loop {} }
#[repr(C)] pub struct Shared { pub a: i32, pub b: u64 }
pub enum Choice { A(u8), B { x: u32, y: u64 }, C }
pub enum Perhaps<'a> { None, Some(&'a Shared) }
#[repr(u8)] #[derive(Clone, Copy)] pub enum Small { A = 1, B = 200 }
#[repr(i64)] pub enum Large { A = -1, B = 1 << 40 }
pub struct Nothing;
pub struct Moved(u8, Nothing, u64, [Nothing; 3], u16, ());
pub struct Square(pub u64);
pub trait Shape { fn area(&self) -> u64; }
impl Shape for Square { fn area(&self) -> u64 { self.0 * self.0 } }
union Either { a: u32, b: f32 }
pub fn generic<T: Copy>(x: T) -> [T; 3] { [x, x, x] }
#[no_mangle] pub static RUST_STATIC: Shared = Shared { a: 1, b: 2 };
#[no_mangle] #[link_section = ".data..percpu"] pub static mut RUST_PERCPU: u64 = 3;
#[no_mangle] pub extern "C" fn rust_add(a: i32, b: i32) -> i32 { a.wrapping_add(b) }
#[no_mangle] pub extern "C" fn rust_take(s: &Shared, c: Choice) -> u64 { match c { Choice::A(v) => v as u64 + s.b, Choice::B { x, y } => x as u64 + y, Choice::C => s.a as u64 } }
#[no_mangle] pub extern "C" fn rust_perhaps(o: Perhaps) -> u64 { match o { Perhaps::None => 0, Perhaps::Some(s) => s.b } }
#[no_mangle] pub fn rust_dyn(s: &dyn Shape, t: (u8, u16), x: &[u32], n: &str, big: u128, c: char, f: bool) -> u64 {
    s.area() + t.0 as u64 + x.len() as u64 + n.len() as u64 + big as u64 + c as u64 + f as u64
}
#[no_mangle] pub fn rust_generic(x: u8) -> u8 { generic(x)[1] + Square(3).area() as u8 }
#[no_mangle] pub fn rust_union(x: u32) -> f32 { unsafe { Either { a: x }.b } }
#[no_mangle] pub fn rust_moved(z: &Moved, f: fn(u8) -> u64, t: (u64, Nothing, u8, Nothing)) -> u64 { z.2 + f(z.0) + t.0 }
#[no_mangle] pub fn rust_enum(a: Small, b: Large) -> i64 { a as i64 + b as i64 }
#[no_mangle] pub fn rust_pointers(a: *const u8, b: *mut u8, c: &u8, d: &mut u8, e: *const *const u8) -> u8 { unsafe { *a + *b + *c + *d + **e } }
pub mod inner {
    pub struct Shared { pub q: u8 }
    #[no_mangle] pub fn rust_inner(s: &Shared) -> u8 { s.q }
}
