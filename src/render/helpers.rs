//! What templates can do beside naming a field: `if`, `quote`, `link` and `moment`. None of them
//! computes.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, JsonValue, Output,
    RenderContext, RenderError, RenderErrorReason, Renderable,
};

use super::escape;

/// Gives the registry our helpers and our way to escape.
pub fn register(registry: &mut Handlebars<'_>) {
    registry.register_escape_fn(escape::escape);
    registry.register_helper("if", Box::new(If));
    registry.register_helper("quote", Box::new(Text(escape::quote)));
    registry.register_helper("link", Box::new(Text(escape::link)));
    registry.register_helper("moment", Box::new(Moment));
    // Like the library's `if`, it takes a name that the view lacks for an empty one.
    registry.unregister_helper("unless");
}

/// `{{#if field}}..{{else}}..{{/if}}`, and an error when the view lacks the field.
struct If;

impl HelperDef for If {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        render: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let branch =
            if field(helper)?.is_truthy(false) { helper.template() } else { helper.inverse() };
        branch.map_or(Ok(()), |branch| branch.render(registry, context, render, out))
    }
}

/// Writes a field in another way than escaped in the line.
struct Text(fn(&str) -> String);

impl HelperDef for Text {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let text = field(helper)?.as_str().unwrap_or_default();
        Ok(out.write(&self.0(text))?)
    }
}

/// Writes words with the moment that they name.
struct Moment;

impl HelperDef for Moment {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let words = field(helper)?.as_str().unwrap_or_default();
        let second = argument(helper, 1)?.as_i64().unwrap_or_default();
        Ok(out.write(&escape::moment(words, second))?)
    }
}

/// The helper's first argument.
fn field<'a>(helper: &'a Helper<'_>) -> Result<&'a JsonValue, RenderError> {
    argument(helper, 0)
}

fn argument<'a>(helper: &'a Helper<'_>, nth: usize) -> Result<&'a JsonValue, RenderError> {
    let param =
        helper.param(nth).ok_or_else(|| RenderErrorReason::ParamNotFoundForIndex("helper", nth))?;
    if param.is_value_missing() {
        return Err(RenderError::strict_error(param.relative_path()));
    }
    Ok(param.value())
}
