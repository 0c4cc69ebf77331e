//! Programs: steps that are made up, with the records that they are about named by when they were created.

use std::fmt;

use odoo_codegen::Field;
use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::shapes::{GIVEN, Shape};
use crate::{domains, groups, loads, others};

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) model: &'static str,
    pub(crate) method: &'static str,
    /// The records that it is called on, by when they were created; `None` for a method of the model.
    pub(crate) on: Option<Vec<usize>>,
    /// In these, `{"$": [model, n]}` is the id of the n-th record of a model, and `{"text": …}` of that the same as a text.
    pub(crate) args: Vec<(&'static str, Value)>,
    pub(crate) context: Value,
    pub(crate) skipped: bool,
    /// Which records are created, if it succeeds.
    pub(crate) creates: usize,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.model, self.method)?;
        if let Some(on) = &self.on {
            write!(f, " {on:?}")?;
        }
        for (name, value) in &self.args {
            write!(f, " {name}={}", short(value))?;
        }
        if self.context != json!({}) {
            write!(f, " context={}", self.context)?;
        }
        Ok(())
    }
}

/// A value with records as `#n`, and long lists of them as `…`.
fn short(value: &Value) -> Value {
    match value {
        Value::Object(map) => match map.get("$") {
            Some(named) => json!(format!("#{}", named[1])),
            None => map.iter().map(|(key, value)| (key.clone(), short(value))).collect(),
        },
        Value::Array(list) if list.len() > 2 && list.iter().all(|one| one.get("$").is_some()) => json!("…"),
        Value::Array(list) => list.iter().map(short).collect(),
        other => other.clone(),
    }
}

/// A name of the n-th record of a model.
pub(crate) fn record(model: &str, n: usize) -> Value {
    json!({"$": [model, n]})
}

/// Pictures, as base64.
const IMAGES: &[&str] = &[
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAD0lEQVR4nGNg+M8AQigUAD7WBfvYlYOaAAAAAElFTkSuQmCC",
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAABCAIAAACZnPOkAAAADUlEQVR4nGPg5DyBjAAeZQRDssmMvwAAAABJRU5ErkJggg==",
];

/// What is made while a program is.
pub(crate) struct Maker<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) shapes: &'a [Shape],
    pub(crate) series: (u32, u32),
    /// How many records of each model there are.
    pub(crate) counts: Vec<usize>,
}

/// Models without relations to those whose own code asks for the language.
const QUIET: &[&str] = &["res.partner.industry", "res.country.group", "lunch.product.category"];

/// Methods that only look at records.
const LOOKS: &[&str] = &["read", "search", "search_read", "search_count"];

/// Makes a program of this many steps, for a server where this language is active beside English, or none.
pub(crate) fn make(
    random: &mut Random,
    shapes: &[Shape],
    series: (u32, u32),
    other_lang: Option<&str>,
    length: usize,
) -> Vec<Step> {
    let mut maker = Maker { random, shapes, series, counts: vec![0; shapes.len()] };
    let mut steps = Vec::with_capacity(length);
    // A few models to a program, so that their records meet.
    let mut models: Vec<usize> = (0..3).map(|_| maker.random.below(shapes.len())).collect();
    models.push(0);
    for model in &models {
        for _ in 0..4 {
            steps.push(maker.create(*model));
        }
    }
    while steps.len() < length {
        let model = *maker.random.pick(&models);
        let mut step = maker.step(model);
        // One that is not active is asked for where records are looked at, of models that do little beside.
        let may = other_lang.is_some() || QUIET.contains(&step.model) && LOOKS.contains(&step.method);
        if may && maker.random.chance(if other_lang.is_some() { 30 } else { 6 }) {
            let other = other_lang.unwrap_or("fr_FR");
            step.context["lang"] = json!(*maker.random.pick(&["en_US", other, other]));
        }
        steps.push(step);
    }
    steps
}

impl Maker<'_> {
    fn step(&mut self, model: usize) -> Step {
        match self.random.below(24) {
            0 | 1 => self.create(model),
            2..=4 => self.write(model),
            5 => self.unlink(model),
            6 => self.copy(model),
            7 => self.name_search(model),
            8 | 9 => self.read(model),
            10..=12 => groups::group(self, model),
            13 | 14 => loads::load(self, model),
            15..=17 => others::other(self, model),
            _ => domains::search(self, model),
        }
    }

    pub(crate) fn plain(&self, model: usize, method: &'static str, args: Vec<(&'static str, Value)>) -> Step {
        let model = self.shapes[model].model;
        Step { model, method, on: None, args, context: json!({}), skipped: false, creates: 0 }
    }

    fn create(&mut self, model: usize) -> Step {
        let count = if self.random.chance(20) { 2 } else { 1 };
        let all: Vec<Value> = (0..count).map(|_| self.values(model, true)).collect();
        let value = if count == 1 { all[0].clone() } else { Value::Array(all) };
        self.counts[model] += count;
        Step { creates: count, ..self.plain(model, "create", vec![("vals_list", value)]) }
    }

    fn write(&mut self, model: usize) -> Step {
        let values = self.values(model, false);
        let mut on = self.some(model);
        // Where a record and one below it move to one place, PostgreSQL takes either for where the other was: their paths are open.
        if self.shapes[model].model == "res.partner.category" && values.get("parent_id").is_some() {
            on.truncate(1);
        }
        let mut step = Step { on: Some(on), ..self.plain(model, "write", vec![("vals", values)]) };
        if self.random.chance(5) {
            step.args[0].1["no_such_field"] = json!(1);
        }
        step
    }

    fn unlink(&mut self, model: usize) -> Step {
        let on = vec![self.random.below(self.counts[model])];
        Step { on: Some(on), ..self.plain(model, "unlink", Vec::new()) }
    }

    fn copy(&mut self, model: usize) -> Step {
        let on = vec![self.random.below(self.counts[model])];
        self.counts[model] += 1;
        let mut args = Vec::new();
        if self.random.chance(40) {
            args.push(("default", self.values(model, false)));
        }
        Step { on: Some(on), creates: 1, ..self.plain(model, "copy", args) }
    }

    fn read(&mut self, model: usize) -> Step {
        let on = self.some(model);
        let fields = self.field_names(model);
        let mut step = Step { on: Some(on), ..self.plain(model, "read", vec![("fields", fields)]) };
        if self.random.chance(30) {
            step.context = json!({"active_test": false});
        }
        if self.random.chance(10) {
            step.args.push(("load", json!("")));
        }
        if self.random.chance(15) {
            step.context["bin_size"] = json!(true);
        }
        step
    }

    fn name_search(&mut self, model: usize) -> Step {
        let among = domains::among(self, model);
        let name = self.word();
        let operator = *self.random.pick(&["ilike", "=", "like", "=ilike", "not ilike", "!="]);
        self.plain(model, "name_search", vec![("name", name), ("domain", among), ("operator", json!(operator))])
    }

    /// The fields that a read asks for, one that is not there now and then.
    pub(crate) fn field_names(&mut self, model: usize) -> Value {
        let all: Vec<String> = self.shapes[model].fields.iter().map(|(name, _)| name.clone()).collect();
        let mut names: Vec<String> = all.into_iter().filter(|_| self.random.chance(60)).collect();
        names.push("display_name".to_owned());
        if self.random.chance(3) {
            names.push("no_such_field".to_owned());
        }
        json!(names)
    }

    /// A few records of a model.
    pub(crate) fn some(&mut self, model: usize) -> Vec<usize> {
        let count = 1 + self.random.below(3);
        (0..count).map(|_| self.random.below(self.counts[model])).collect()
    }

    pub(crate) fn values(&mut self, model: usize, is_new: bool) -> Value {
        let shape = &self.shapes[model];
        let mut values = Map::new();
        for (name, field) in &shape.fields {
            let is_always = is_new && (field.required || name == "name" || shape.always.contains(&name.as_str()));
            if !is_always && !self.random.chance(if is_new { 40 } else { 20 }) {
                continue;
            }
            let mut value = self.value(field, is_new);
            // A value that is needed is mostly there.
            if is_always && (value.is_null() || value == false) && !self.random.chance(5) {
                value = self.set_value(field, is_new);
            }
            values.insert(name.clone(), value);
        }
        Value::Object(values)
    }

    /// A value for a field; an empty or a wrong one now and then.
    fn value(&mut self, field: &Field, is_new: bool) -> Value {
        match self.random.below(40) {
            0..=3 => json!(false),
            4 => json!(null),
            5 if field.ttype == "selection" => json!("no_such_value"),
            5 if field.ttype == "integer" => json!("no number"),
            6 if matches!(field.ttype.as_str(), "char" | "text") => json!(7),
            _ => self.set_value(field, is_new),
        }
    }

    fn set_value(&mut self, field: &Field, is_new: bool) -> Value {
        match field.ttype.as_str() {
            "char" | "text" | "html" => self.word(),
            "integer" => json!(self.random.below(7) as i64 - 1),
            "float" | "monetary" => json!((self.random.below(4000) as f64 - 500.0) / 16.0),
            "boolean" => json!(self.random.chance(70)),
            "date" => json!(self.date()),
            "datetime" => self.datetime(),
            "binary" => self.image(),
            "selection" => {
                let known = field.selection.as_ref().map_or(&[][..], |known| &known.0);
                known.get(self.random.below(known.len())).map_or(json!(false), |(value, _)| json!(value))
            }
            "many2one" => self.record_of(field).unwrap_or(json!(false)),
            "one2many" | "many2many" => self.commands(field, is_new),
            _ => json!(false),
        }
    }

    pub(crate) fn date(&mut self) -> String {
        format!("202{}-{:02}-{:02}", self.random.below(3), 1 + self.random.below(12), 1 + self.random.below(28))
    }

    /// A time, now and then a day, or none at all.
    pub(crate) fn datetime(&mut self) -> Value {
        let date = self.date();
        match self.random.below(20) {
            0 => json!(date),
            1 => json!("2022-13-01 10:00:00"),
            // Where clocks are set forward, and back.
            2 => json!("2022-03-27 01:30:00"),
            3 => json!("2021-10-31 00:30:00"),
            _ => {
                let (hour, minute) = (self.random.below(24), 15 * self.random.below(4));
                json!(format!("{date} {hour:02}:{minute:02}:{:02}", self.random.below(60)))
            }
        }
    }

    /// A picture of a few points.
    pub(crate) fn image(&mut self) -> Value {
        json!(*self.random.pick(IMAGES))
    }

    pub(crate) fn word(&mut self) -> Value {
        const WORDS: &[&str] = &[
            "ab", "aB", "Ab c", "b", "ba", "bc_d", "c%", "É", "éa", "x y", "", "Zz", "a\\b", "10", "a'b", "ab ab", "ß",
            "c,d",
        ];
        json!(*self.random.pick(WORDS))
    }

    /// A record that a relation can point to; one that is not there now and then.
    pub(crate) fn record_of(&mut self, field: &Field) -> Option<Value> {
        let target = field.relation.as_deref()?;
        if self.random.chance(2) {
            return Some(json!(99_999_999));
        }
        if let Some((_, _, names)) = GIVEN.iter().find(|(model, _, _)| *model == target) {
            return Some(record(target, self.random.below(names.len())));
        }
        let shape = self.shapes.iter().position(|shape| shape.model == target)?;
        if self.counts[shape] == 0 {
            return None;
        }
        Some(record(self.shapes[shape].model, self.random.below(self.counts[shape])))
    }

    fn commands(&mut self, field: &Field, is_new: bool) -> Value {
        // One record of a tree is moved at a time: see `write`.
        let is_tree = field.ttype == "one2many" && field.relation.as_deref() == Some("res.partner.category");
        let count = if is_tree { 1 } else { 1 + self.random.below(2) };
        let mut commands: Vec<Value> = (0..count).filter_map(|_| self.command(field, is_new)).collect();
        // One that creates is alone, so that what it creates is found.
        if let Some(creating) = commands.iter().position(|command| command[0] == 0) {
            commands = vec![commands.swap_remove(creating)];
        }
        Value::Array(commands)
    }

    fn command(&mut self, field: &Field, is_new: bool) -> Option<Value> {
        let target = field.relation.as_deref()?;
        let known = self.shapes.iter().position(|shape| shape.model == target);
        let kind = self.random.below(8);
        if kind == 0
            && let Some(known) = known
            && let Some(name) = self.shapes[known].fields.iter().find(|(name, _)| name == "name" || name == "code")
        {
            let mut values = Map::from_iter([(name.0.clone(), self.word())]);
            if self.shapes[known].always.contains(&"color") {
                values.insert("color".to_owned(), json!(3));
            }
            // Without one, it is now.
            if self.shapes[known].always.contains(&"calendar_last_notif_ack") {
                values.insert("calendar_last_notif_ack".to_owned(), json!("2021-05-05 05:05:05"));
            }
            return Some(json!([0, 0, values]));
        }
        let one = self.record_of(field)?;
        Some(match kind {
            1 if known.is_some() && !is_new => json!([1, one, {"name": self.word()}]),
            2 if known.is_some() && !is_new => json!([2, one, 0]),
            3 if !is_new => json!([3, one, 0]),
            4 if !is_new => json!([5, 0, 0]),
            5 | 6 if field.ttype == "one2many" => json!([6, 0, [one]]),
            5 | 6 => {
                let other = self.record_of(field)?;
                json!([6, 0, [one, other]])
            }
            _ => json!([4, one, 0]),
        })
    }
}
