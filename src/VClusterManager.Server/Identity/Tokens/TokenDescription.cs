using VClusterManager.Contracts;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;

namespace VClusterManager.Server.Identity.Tokens;

/// <summary>What the description of the API says of tokens.</summary>
internal static class TokenDescription
{
    public static RouteHandlerBuilder DescribesToken(this RouteHandlerBuilder route) =>
        route
            .WithName("getToken")
            .Tagged(IdentityEndpoints.Tag, IdentityEndpoints.TagWords)
            .TakesFormOrJson(
                new TokenRequest
                {
                    GrantType = "password",
                    Username = "anna",
                    Password = "correct horse battery staple",
                }
            )
            .Answers(
                200,
                "The token.",
                new TokenAnswer("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2ln", "bearer", 1800)
            )
            .Refuses(
                ProblemKind.Malformed,
                "The form or the JSON cannot be read.",
                "The body is not valid JSON (line 1, column 2)."
            )
            .Refuses(
                ProblemKind.Unauthenticated,
                "Name or password is wrong; nothing tells which.",
                "The user name or the password is wrong."
            )
            .Refuses(ProblemKind.Invalid, "A field is missing or has a wrong value.", "is required", "password")
            .Refuses(
                ProblemKind.Unavailable,
                "Tokens are off, or too many want to log in at once.",
                "Tokens are off: this server has no auth.jwt.secret_key. Use an API key."
            );
}
