//! The `OpenAPI` text of the HTTP API, made from its list of routes.

use serde_json::{Map, Value, json};

use super::routes::{Body, ROUTES, Route};

/// The text that `GET /local/api` answers.
pub fn openapi() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Countersign's local platform",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A small chat and a network on this machine, to try, teach and test \
                with. Every request needs the token; errors are {error, hint}.",
        },
        "security": [{ "bearer": [] }, { "query": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "query": { "type": "apiKey", "in": "query", "name": "token" },
            },
            "schemas": {
                "Problem": {
                    "type": "object",
                    "required": ["error", "hint"],
                    "properties": {
                        "error": { "type": "string" },
                        "hint": { "type": "string" },
                        "problems": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["field", "why"],
                                "properties": {
                                    "field": { "type": "string" },
                                    "why": { "type": "string" },
                                },
                            },
                        },
                    },
                },
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "operationId": format!("{:?}", route.op),
        "summary": route.says,
        "parameters": parameters(route),
        "responses": {
            route.done.to_string(): { "description": "Done." },
            "default": {
                "description": "Not done.",
                "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                } },
            },
        },
    });
    if let Some(content) = content(&route.body) {
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

fn parameters(route: &Route) -> Vec<Value> {
    let parameter = |name: &str, place: &str, required: bool| {
        let schema = json!({ "type": "string" });
        json!({ "name": name, "in": place, "required": required, "schema": schema })
    };
    let in_path = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| parameter(name, "path", true));
    let in_query = route.query.iter().map(|asked| parameter(asked.name, "query", asked.required));
    in_path.chain(in_query).collect()
}

fn content(body: &Body) -> Option<Value> {
    let binary = json!({ "type": "string", "format": "binary" });
    match body {
        Body::Nothing => None,
        Body::Json(fields) => {
            let properties: Map<String, Value> = fields
                .iter()
                .map(|field| (field.name.to_owned(), json!({ "type": field.kind })))
                .collect();
            let required: Vec<&str> =
                fields.iter().filter(|field| field.required).map(|field| field.name).collect();
            Some(json!({ "application/json": { "schema": {
                "type": "object", "properties": properties, "required": required,
            } } }))
        }
        Body::Multipart => Some(json!({ "multipart/form-data": { "schema": {
            "type": "object", "properties": { "file": binary }, "required": ["file"],
        } } })),
        Body::Image => Some(json!({
            "image/png": { "schema": binary },
            "image/jpeg": { "schema": binary },
        })),
    }
}
