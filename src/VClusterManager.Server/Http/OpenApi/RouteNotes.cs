using System.Text.Json.Nodes;

namespace VClusterManager.Server.Http.OpenApi;

/// <summary>A group of operations.</summary>
internal sealed record TagNote(string Name, string Description);

/// <summary>A body that would be taken.</summary>
/// <param name="MergePatch">What the members are, where the handler takes an object of any form as a merge patch.</param>
/// <param name="FormOrJson">What it is, where the handler reads the body itself.</param>
/// <param name="Text">Its media type, where it is text that the handler reads itself.</param>
internal sealed record RequestNote(object Example, Type? MergePatch, Type? FormOrJson = null, string? Text = null);

/// <summary>What an answer looks like beside its type.</summary>
/// <param name="Headers">Names out of <see cref="AnswerHeaders"/>.</param>
internal sealed record AnswerNote(int Status, string Description, object? Example, IReadOnlyList<string> Headers);

/// <summary>A refusal that can occur.</summary>
/// <param name="When">In a sentence.</param>
/// <param name="Detail">What it says, for example.</param>
/// <param name="Field">The field that it names, for <see cref="ProblemKind.Invalid"/>.</param>
internal sealed record RefusalNote(ProblemKind Kind, string When, string? Detail, string? Field);

/// <summary>
/// What a room says of its routes beside the comments of their handlers: none of it changes what a route does. Said of a
/// group, it holds for all of its routes.
/// </summary>
internal static class RouteNotes
{
    public static T Tagged<T>(this T routes, string name, string description)
        where T : IEndpointConventionBuilder => routes.WithTags(name).WithMetadata(new TagNote(name, description));

    public static T Takes<T>(this T routes, params DescribedParameter[] parameters)
        where T : IEndpointConventionBuilder => routes.WithMetadata([.. parameters]);

    public static RouteHandlerBuilder TakesBody(this RouteHandlerBuilder route, object example) =>
        route.WithMetadata(new RequestNote(example, MergePatch: null));

    /// <summary>
    /// A form or JSON, which the handler reads itself. Said in the framework's words, a body of another kind would not
    /// get to an open route: it would be asked for credentials.
    /// </summary>
    public static RouteHandlerBuilder TakesFormOrJson<T>(this RouteHandlerBuilder route, T example)
        where T : notnull => route.WithMetadata(new RequestNote(example, MergePatch: null, typeof(T)));

    /// <summary>Text, which the handler reads itself and takes under any media type.</summary>
    public static RouteHandlerBuilder TakesText(this RouteHandlerBuilder route, string contentType, string example) =>
        route.WithMetadata(new RequestNote(example, MergePatch: null, Text: contentType));

    /// <summary>A JSON merge patch (RFC 7396), which the handler takes as an object of any form.</summary>
    /// <typeparam name="T">The members that it can have.</typeparam>
    public static RouteHandlerBuilder TakesMergePatch<T>(this RouteHandlerBuilder route, JsonObject example) =>
        route.WithMetadata(new RequestNote(example, typeof(T)));

    /// <param name="example">Also tells the type of the answer.</param>
    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder route,
        int status,
        string description,
        T example,
        params string[] headers
    ) =>
        route.WithMetadata(
            new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]),
            new AnswerNote(status, description, example, headers)
        );

    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder route, int status, string description) =>
        route.WithMetadata(
            new ProducesResponseTypeMetadata(status, typeof(void)),
            new AnswerNote(status, description, Example: null, [])
        );

    public static RouteHandlerBuilder AnswersText(
        this RouteHandlerBuilder route,
        string contentType,
        string description,
        string example
    ) =>
        route.WithMetadata(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [contentType]),
            new AnswerNote(StatusCodes.Status200OK, description, example, [])
        );

    /// <summary>A list whose answer has a tag, and can be asked for only if it has changed.</summary>
    public static RouteHandlerBuilder AnswersList<T>(this RouteHandlerBuilder route, string description, T example) =>
        route
            .Answers(StatusCodes.Status200OK, description, example, AnswerHeaders.ETag)
            .Takes(
                new DescribedParameter(
                    "If-None-Match",
                    "header",
                    "The `ETag` of an earlier answer: 304 without a body as long as it would be the same."
                )
                {
                    Example = "\"5f0c7d2ad1a1a3b0a7f2c4cf5a7d9b0e\"",
                }
            )
            .WithMetadata(
                new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified),
                new AnswerNote(
                    StatusCodes.Status304NotModified,
                    "Nothing has changed since the answer with that `ETag`.",
                    Example: null,
                    [AnswerHeaders.ETag]
                )
            );

    /// <param name="when">In a sentence.</param>
    /// <param name="detail">What it says, for example; at least one of a kind should have it.</param>
    /// <param name="field">The field that it names, for <see cref="ProblemKind.Invalid"/>.</param>
    public static T Refuses<T>(
        this T routes,
        ProblemKind kind,
        string when,
        string? detail = null,
        string? field = null
    )
        where T : IEndpointConventionBuilder => routes.WithMetadata(new RefusalNote(kind, when, detail, field));
}
