//! The router of the HTTP API: a handler for each row of the list, behind the door.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::response::Redirect;
use axum::routing::{MethodRouter, delete, get, patch, post, put};

use super::asked::is_json;
use super::files::LONGEST;
use super::problem::{Problem, speak_json};
use super::routes::{Body, Op, ROUTES, Route};
use super::state::Local;
use super::{forms, handlers, network};

const LONGEST_JSON: usize = 64 * 1024;
/// What a form adds around a file.
const FORM: usize = 64 * 1024;

/// Everything of [`ROUTES`], behind the door; anything else under `/local` is not found. The
/// address of a post leads on to the workspace's page.
pub fn router(local: Local) -> Router {
    let door = local.door.clone();
    let all =
        ROUTES.iter().fold(Router::new(), |router, route| router.route(route.path, served(route)));
    let all = all
        .route("/local/{*rest}", axum::routing::any(nothing))
        .layer(from_fn(speak_json))
        .with_state(local);
    let page = Router::new().route("/practice-page", get(practice_page));
    door.guard(all).merge(door.fence(page))
}

/// Where a post's address leads: to the tab of the workspace's page that shows what is live.
async fn practice_page() -> Redirect {
    Redirect::to("/#practice-page")
}

async fn nothing() -> Problem {
    Problem::not_found("there is nothing at that address")
}

fn served(route: &Route) -> MethodRouter<Local> {
    let limit = match route.body {
        Body::Multipart => LONGEST + FORM,
        Body::Image => LONGEST,
        Body::Json(_) | Body::Nothing => LONGEST_JSON,
    };
    let handler = handler(route.op).route_layer(DefaultBodyLimit::max(limit));
    if route.must_be_json() { handler.route_layer(from_fn(is_json)) } else { handler }
}

fn handler(op: Op) -> MethodRouter<Local> {
    match op {
        Op::Describe => get(handlers::describe),
        Op::People => get(handlers::people),
        Op::Channels => get(handlers::channels),
        Op::Transcript => get(handlers::transcript),
        Op::Published => get(network::published),
        Op::Events => get(handlers::events),
        Op::Say => post(handlers::say),
        Op::Edit => patch(handlers::edit),
        Op::Delete => delete(handlers::delete),
        Op::React => put(handlers::put_reaction),
        Op::Unreact => delete(handlers::take_reaction),
        Op::Press => post(forms::press),
        Op::Form => get(forms::form),
        Op::SendForm => post(forms::send),
        Op::Upload => post(handlers::upload),
        Op::File => get(handlers::file),
        Op::Picture => get(handlers::picture),
        Op::Settled => get(handlers::settled),
        Op::Faults => get(handlers::faults),
        Op::SetFaults => put(handlers::set_faults),
        Op::NetPost => post(network::post),
        Op::NetFind => get(network::find),
        Op::NetRead => get(network::read),
        Op::NetTakeDown => delete(network::take_down),
        Op::NetUpload => post(network::upload),
        Op::NetPicture => get(network::picture),
    }
}
