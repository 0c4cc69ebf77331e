//! Python's literals.

use serde_json::{Number, Value};

use super::DomainParseError;
use odoo_visible::visible;

/// How deep lists may be in lists: far more than any domain needs, far less than the stack holds.
const DEPTH: usize = 64;

/// A value and where it stands.
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) parsed: Parsed,
}

pub(super) enum Parsed {
    Value(Value),
    /// A list or a tuple.
    List(Vec<Node>),
}

impl Node {
    pub(super) fn into_json(self) -> Value {
        match self.parsed {
            Parsed::Value(value) => value,
            Parsed::List(nodes) => nodes.into_iter().map(Self::into_json).collect(),
        }
    }
}

/// The one value that a text consists of.
pub(super) fn parse(text: &str) -> Result<Node, DomainParseError> {
    let mut parser = Parser { text, at: 0 };
    let node = parser.node(0)?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(node),
        Some(c) => Err(parser.error(format!("`{c}` is too much: expressions are not evaluated"))),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip(&mut self, expected: char) -> bool {
        let is_there = self.peek() == Some(expected);
        if is_there {
            self.at += expected.len_utf8();
        }
        is_there
    }

    /// White space and comments.
    fn skip_space(&mut self) {
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\t' | '\n' | '\r' | '\x0c' => self.at += 1,
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                _ => break,
            }
        }
    }

    fn error(&self, what: impl Into<String>) -> DomainParseError {
        DomainParseError::new(self.at, what)
    }

    fn node(&mut self, depth: usize) -> Result<Node, DomainParseError> {
        self.skip_space();
        let at = self.at;
        if depth > DEPTH {
            return Err(self.error("there are too many lists in lists"));
        }
        let parsed = match self.peek() {
            None => return Err(self.error("the text ends where a value was expected")),
            Some('[') => {
                self.at += 1;
                Parsed::List(self.list(']', depth)?.0)
            }
            Some('(') => {
                self.at += 1;
                let (mut nodes, has_comma) = self.list(')', depth)?;
                match nodes.pop() {
                    // Mere parentheses; a tuple of one has a comma.
                    Some(only) if nodes.is_empty() && !has_comma => return Ok(only),
                    last => {
                        nodes.extend(last);
                        Parsed::List(nodes)
                    }
                }
            }
            Some('\'' | '"') => Parsed::Value(self.strings()?.into()),
            Some(c) if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => Parsed::Value(self.number()?),
            Some(c) if c.is_alphabetic() || c == '_' => Parsed::Value(self.word()?),
            Some('{') => return Err(self.error("a dict or set is no part of a domain")),
            Some(c) => return Err(self.error(format!("`{c}` was not expected"))),
        };
        Ok(Node { at, parsed })
    }

    /// The values up to the closing bracket, and whether there was a comma.
    fn list(&mut self, close: char, depth: usize) -> Result<(Vec<Node>, bool), DomainParseError> {
        let mut nodes = Vec::new();
        let mut has_comma = false;
        loop {
            self.skip_space();
            if self.skip(close) {
                return Ok((nodes, has_comma));
            }
            nodes.push(self.node(depth + 1)?);
            self.skip_space();
            if self.skip(',') {
                has_comma = true;
            } else if self.peek() != Some(close) {
                return Err(match self.peek() {
                    None => self.error(format!("the text ends where `,` or `{close}` was expected")),
                    Some(c) => {
                        self.error(format!("`,` or `{close}` was expected, not `{c}`: expressions are not evaluated"))
                    }
                });
            }
        }
    }

    /// A name: one of Python's three constants, or the prefix of a string.
    fn word(&mut self) -> Result<Value, DomainParseError> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = &rest[..end];
        let is_string = rest[end..].starts_with(['\'', '"']);
        match word {
            "True" => self.at += end,
            "False" => self.at += end,
            "None" => self.at += end,
            "u" | "U" | "r" | "R" if is_string => return Ok(self.strings()?.into()),
            _ if is_string => {
                return Err(self.error(format!("a string of the sort `{:.60}` is no part of a domain", visible(word))));
            }
            _ => {
                return Err(self.error(format!(
                    "`{:.60}` is a name: only literals are read, nothing is evaluated",
                    visible(word)
                )));
            }
        }
        Ok(match word {
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            _ => Value::Null,
        })
    }

    fn number(&mut self) -> Result<Value, DomainParseError> {
        let rest = self.rest();
        let signs = rest.find(|c: char| !matches!(c, '-' | '+' | ' ')).unwrap_or(rest.len());
        let is_negative = rest[..signs].bytes().filter(|b| *b == b'-').count() % 2 == 1;
        let unsigned = &rest[signs..];
        let mut end = 0;
        for (at, c) in unsigned.char_indices() {
            let after_e = unsigned[..at].ends_with(['e', 'E']) && !unsigned.starts_with("0x");
            if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || (matches!(c, '+' | '-') && after_e)) {
                break;
            }
            end = at + c.len_utf8();
        }
        let digits = unsigned[..end].replace('_', "");
        let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            Some(hex) => i128::from_str_radix(hex, 16).ok().and_then(|number| integer(number, is_negative)),
            None if digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().ok().and_then(|number| integer(number, is_negative))
            }
            // What Rust reads as a float, and Python does not, begins with a letter: `inf`.
            None if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
                let float: Option<f64> = digits.parse().ok();
                float.and_then(|float| Number::from_f64(if is_negative { -float } else { float }))
            }
            None => None,
        };
        let Some(number) = number else {
            return Err(
                self.error(format!("`{:.60}` is not a number that a domain can hold", visible(&rest[..signs + end])))
            );
        };
        self.at += signs + end;
        Ok(number.into())
    }

    /// One string or several side by side, which are one to Python.
    fn strings(&mut self) -> Result<String, DomainParseError> {
        let mut text = String::new();
        loop {
            let is_raw = matches!(self.peek(), Some('r' | 'R'));
            if matches!(self.peek(), Some('u' | 'U' | 'r' | 'R')) {
                self.at += 1;
            }
            self.string(is_raw, &mut text)?;
            self.skip_space();
            let rest = self.rest();
            let next = rest.strip_prefix(['u', 'U', 'r', 'R']).unwrap_or(rest);
            if !next.starts_with(['\'', '"']) {
                return Ok(text);
            }
        }
    }

    fn string(&mut self, is_raw: bool, text: &mut String) -> Result<(), DomainParseError> {
        let start = self.at;
        let quote = self.next();
        loop {
            let at = self.at;
            match self.next() {
                None | Some('\n') => return Err(DomainParseError::new(start, "the string does not end")),
                c if c == quote => return Ok(()),
                Some('\\') if is_raw => {
                    text.push('\\');
                    text.extend(self.next());
                }
                Some('\\') => match self.escaped(at)? {
                    Escape::Char(c) => text.push(c),
                    Escape::Unknown(c) => text.extend(['\\', c]),
                    Escape::Nothing => {}
                },
                Some(c) => text.push(c),
            }
        }
    }

    /// What stands for a character after a backslash.
    fn escaped(&mut self, at: usize) -> Result<Escape, DomainParseError> {
        let odd = |what: &str| Err(DomainParseError::new(at, what));
        Ok(match self.next() {
            None => return odd("the string does not end"),
            Some('\n') => Escape::Nothing,
            Some(c @ ('\\' | '\'' | '"')) => Escape::Char(c),
            Some('a') => Escape::Char('\x07'),
            Some('b') => Escape::Char('\x08'),
            Some('f') => Escape::Char('\x0c'),
            Some('n') => Escape::Char('\n'),
            Some('r') => Escape::Char('\r'),
            Some('t') => Escape::Char('\t'),
            Some('v') => Escape::Char('\x0b'),
            Some(c @ ('x' | 'u' | 'U')) => {
                let digits = match c {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let code = self.rest().get(..digits).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
                match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
                    Some(c) => {
                        self.at += digits;
                        Escape::Char(c)
                    }
                    None => return odd("this escape stands for no character"),
                }
            }
            Some('N') => return odd("characters by name are not read"),
            Some('0'..='7') => {
                self.at -= 1;
                let rest = self.rest();
                let digits = rest.bytes().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
                let code = u32::from_str_radix(&rest[..digits], 8).ok();
                self.at += digits;
                match code.and_then(char::from_u32) {
                    Some(c) => Escape::Char(c),
                    None => return odd("this escape stands for no character"),
                }
            }
            Some(c) => Escape::Unknown(c),
        })
    }
}

enum Escape {
    Char(char),
    /// Python leaves the backslash.
    Unknown(char),
    /// A line that goes on.
    Nothing,
}

fn integer(number: i128, is_negative: bool) -> Option<Number> {
    Number::from_i128(if is_negative { -number } else { number })
}
