//! What changed about a method, by what its typed function takes and returns.

use std::collections::BTreeMap;

use super::change::Changes;
use super::{What, pairs};
use crate::emit::method::{argument_type, result_type};
use crate::schema::{Method, Parameter};

pub(super) fn diff(changes: &mut Changes, was: Option<&Method>, is: Option<&Method>) {
    match (was, is) {
        (Some(was), Some(is)) => diff_both(changes, was, is),
        (Some(_), None) => drop(changes.add(What::MethodGone)),
        (None, _) => drop(changes.add(What::MethodNew)),
    }
}

fn diff_both(changes: &mut Changes, was: &Method, is: &Method) {
    // A method that has another attribute does not compile here before it is compared too.
    let Method { module, inherited, help, on_model, readonly, parameters, takes_more, returns, returns_help } = was;
    if *module != is.module {
        changes.add(What::MethodModule).values(Some(module), Some(&is.module));
    }
    if *inherited != is.inherited {
        changes.add(What::MethodInherited).values(inherited.as_ref(), is.inherited.as_ref());
    }
    if *help != is.help {
        changes.add(What::MethodHelp).values(help.as_ref(), is.help.as_ref());
    }
    if *on_model != is.on_model {
        changes.add(if is.on_model { What::OnModel } else { What::OnRecords });
    }
    if *readonly != is.readonly {
        changes.add(if is.readonly { What::OnlyReads } else { What::Writes });
    }
    if *takes_more != is.takes_more {
        changes.add(if is.takes_more { What::TakesMore } else { What::TakesNoMore });
    }
    if *returns != is.returns {
        let result = |method: &Method| result_type(method.returns.as_deref()).map(|ttype| ttype.to_string());
        let what = if result(was) == result(is) { What::ReturnsAnnotation } else { What::Returns };
        changes.add(what).values(returns.as_ref(), is.returns.as_ref());
    }
    if *returns_help != is.returns_help {
        changes.add(What::ReturnsHelp).values(returns_help.as_ref(), is.returns_help.as_ref());
    }
    if *parameters != is.parameters {
        diff_parameters(changes, parameters, &is.parameters);
    }
}

fn diff_parameters(changes: &mut Changes, was: &[Parameter], is: &[Parameter]) {
    type Named<'a> = BTreeMap<&'a str, &'a Parameter>;
    fn named(parameters: &[Parameter]) -> Named<'_> {
        parameters.iter().map(|parameter| (parameter.name.as_str(), parameter)).collect()
    }
    let (old, new) = (named(was), named(is));
    for (name, was, is) in pairs(&old, &new) {
        match (was, is) {
            (Some(was), Some(is)) => diff_parameter(changes, was, is),
            (Some(_), None) => drop(changes.add(What::ParameterGone).item(name)),
            (None, Some(is)) if is.default.is_none() => drop(changes.add(What::ParameterNewGiven).item(name)),
            (None, _) => drop(changes.add(What::ParameterNew).item(name)),
        }
    }
    let names = |parameters: &[Parameter], others: &Named<'_>, all: bool| -> Vec<String> {
        let both = parameters.iter().filter(|parameter| others.contains_key(parameter.name.as_str()));
        both.filter(|parameter| all || parameter.default.is_none()).map(|parameter| parameter.name.clone()).collect()
    };
    // Those that are arguments of both typed functions.
    let given = |parameters: &[Parameter], others: &Named<'_>| {
        let is_given = |name: &String| others.get(name.as_str()).is_some_and(|other| other.default.is_none());
        names(parameters, others, false).into_iter().filter(is_given).collect::<Vec<_>>()
    };
    if given(was, &new) != given(is, &old) {
        changes.add(What::ParameterOrder);
    } else if names(was, &new, true) != names(is, &old, true) {
        changes.add(What::ParameterOrderOfOthers);
    }
}

fn diff_parameter(changes: &mut Changes, was: &Parameter, is: &Parameter) {
    let Parameter { name, annotation, default, help } = was;
    if *default != is.default {
        let what = match (default, &is.default) {
            (Some(_), None) => What::ParameterRequired,
            (None, Some(_)) => What::ParameterOptional,
            _ => What::ParameterDefault,
        };
        changes.add(what).item(name).values(default.as_ref(), is.default.as_ref());
    }
    if *annotation != is.annotation {
        let is_argument = default.is_none() && is.default.is_none();
        let is_other = is_argument && argument_type(was).to_string() != argument_type(is).to_string();
        let what = if is_other { What::ParameterType } else { What::ParameterAnnotation };
        changes.add(what).item(name).values(annotation.as_ref(), is.annotation.as_ref());
    }
    if *help != is.help {
        changes.add(What::ParameterHelp).item(name).values(help.as_ref(), is.help.as_ref());
    }
}
