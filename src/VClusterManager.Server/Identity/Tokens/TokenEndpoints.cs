using System.Text.Json;
using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;
using VClusterManager.Server.Http.Guards;
using VClusterManager.Server.Http.Responses;

namespace VClusterManager.Server.Identity.Tokens;

/// <summary>The route that gives tokens for passwords.</summary>
internal static class TokenEndpoints
{
    public static IEndpointRouteBuilder MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/token", GiveAsync).AllowAnonymous().LimitsLogins().DescribesToken();
        return routes;
    }

    /// <summary>Get a token</summary>
    /// <remarks>
    /// The password grant of OAuth 2.0, as a form or as JSON, for the users of the configuration. Send the token as
    /// <c>Authorization: Bearer</c>. It lasts for <c>expires_in</c> seconds and cannot be taken back before. With
    /// <c>scope</c> it may do less than the user: <c>viewer</c>, <c>api</c> (editors) or <c>admin</c>.
    /// </remarks>
    internal static async Task<IResult> GiveAsync(
        HttpContext http,
        Passwords passwords,
        OwnTokens tokens,
        FailedLogins failed
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!tokens.AreOn)
        {
            return new Problem(
                ProblemKind.Unavailable,
                "Tokens are off: this server has no auth.jwt.secret_key. Use an API key."
            ).ToResult();
        }

        if (!http.Request.HasFormContentType && !http.Request.HasJsonContentType())
        {
            return TypedResults.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var read = await ReadAsync(http.Request);
        if ((read.Problem ?? Wrong(read.Value)) is { } problem)
        {
            return problem.ToResult();
        }

        var asked = read.Value;
        var source = SourceAddress.NetworkOf(http.Connection.RemoteIpAddress);
        if (failed.RefusalFor(source, asked.Username!) is { } wait)
        {
            return wait.ToResult();
        }

        try
        {
            if (await passwords.CheckAsync(asked.Username!, asked.Password!, http.RequestAborted) is not { } user)
            {
                failed.Failed(source, asked.Username!);
                return Refused(http);
            }

            failed.Succeeded(source, asked.Username!);
            return Given(http, tokens, user, asked.Scope);
        }
        catch (TimeoutException)
        {
            return new Problem(
                ProblemKind.Unavailable,
                "Too many want to log in at once: try again in a moment."
            ).ToResult();
        }
    }

    private static IResult Given(HttpContext http, OwnTokens tokens, Configuration.ConfiguredUser user, string? scope)
    {
        var asked = TokenScopes.LargestOf(ScopesOf(scope)) ?? user.Role;
        var role = asked < user.Role ? asked : user.Role;
        var token = tokens.Issue(user, role);
        // From here on it is known who asked, also to the audit.
        http.SetPrincipal(new Principal(user.Name, role, OwnTokens.Source, Expires: null));
        return TypedResults.Json(new TokenAnswer(token, "bearer", (int)tokens.Lifetime.TotalSeconds), ApiJson.Options);
    }

    /// <summary>Nothing tells whether there is such a user.</summary>
    private static IResult Refused(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"vcluster-manager\"";
        return new Problem(ProblemKind.Unauthenticated, "The user name or the password is wrong.").ToResult();
    }

    private static Problem? Wrong(TokenRequest asked)
    {
        Dictionary<string, string[]> errors = [];
        Check("username", string.IsNullOrEmpty(asked.Username), "is required");
        Check("password", string.IsNullOrEmpty(asked.Password), "is required");
        Check("grant_type", asked.GrantType is not (null or "" or "password"), "must be password");
        Check(
            "scope",
            ScopesOf(asked.Scope) is { Length: > 0 } scopes && TokenScopes.LargestOf(scopes) is null,
            "must be viewer, api or admin"
        );
        return errors.Count == 0
            ? null
            : new Problem(ProblemKind.Invalid, $"{string.Join("; ", errors.Select(e => $"{e.Key} {e.Value[0]}"))}.")
            {
                Errors = errors,
            };

        void Check(string field, bool isWrong, string message)
        {
            if (isWrong)
            {
                errors[field] = [message];
            }
        }
    }

    private static string[] ScopesOf(string? scope) =>
        (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<Outcome<TokenRequest>> ReadAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType
                ? FromForm(await request.ReadFormAsync(request.HttpContext.RequestAborted))
                : await FromJsonAsync(request);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return new Problem(ProblemKind.Malformed, "The form cannot be read.");
        }
        catch (JsonException e)
        {
            return BadRequests.Explain(e);
        }
    }

    private static async Task<Outcome<TokenRequest>> FromJsonAsync(HttpRequest request) =>
        await JsonSerializer.DeserializeAsync<TokenRequest>(
            request.Body,
            ApiJson.Options,
            request.HttpContext.RequestAborted
        )
            is { } asked
            ? asked
            : new Problem(ProblemKind.Malformed, "The body must be an object.");

    /// <summary>What else clients of OAuth send (<c>client_id</c>) is nothing to us.</summary>
    private static Outcome<TokenRequest> FromForm(IFormCollection form)
    {
        foreach (var field in (string[])["username", "password", "grant_type", "scope"])
        {
            if (form[field].Count > 1)
            {
                return new Problem(ProblemKind.Malformed, $"The form gives the field {field} twice.");
            }
        }

        return new TokenRequest
        {
            Username = form["username"],
            Password = form["password"],
            GrantType = form["grant_type"],
            Scope = form["scope"],
        };
    }
}
