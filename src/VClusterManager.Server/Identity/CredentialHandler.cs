using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.Failures;

namespace VClusterManager.Server.Identity;

/// <summary>Finds out who is calling, for every request, and asks for credentials where they are missing.</summary>
internal sealed class CredentialHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IEnumerable<CredentialCheck> checks
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "credential";

    private const string Unknown = "The credential is not known.";

    private string? _refusal;
    private string? _undecided;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credential = CredentialReading.Read(Request.Headers, out _refusal);
        if (credential is null)
        {
            return _refusal is null ? AuthenticateResult.NoResult() : AuthenticateResult.Fail(_refusal);
        }

        foreach (var check in checks)
        {
            switch (await check(credential, Context.RequestAborted))
            {
                case CredentialAnswer.Accepted(var principal):
                    Context.SetPrincipal(principal);
                    ClaimsIdentity identity = new([new Claim(ClaimTypes.Name, principal.Name)], Scheme.Name);
                    return AuthenticateResult.Success(
                        new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)
                    );
                case CredentialAnswer.Refused(var reason):
                    _refusal = reason;
                    return AuthenticateResult.Fail(reason);
                case CredentialAnswer.Undecided(var reason):
                    _undecided = reason;
                    return AuthenticateResult.Fail(reason);
            }
        }

        _refusal = Unknown;
        return AuthenticateResult.Fail(Unknown);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_undecided is not null)
        {
            return new Problem(ProblemKind.Unavailable, _undecided).ToResult().ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = _refusal is null
            ? "Bearer realm=\"vcluster-manager\""
            : "Bearer realm=\"vcluster-manager\", error=\"invalid_token\"";
        var detail = _refusal ?? $"Credentials are needed: {CredentialReading.ApiKeyHeader} or Authorization: Bearer.";
        return new Problem(ProblemKind.Unauthenticated, detail).ToResult().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        new Problem(ProblemKind.Forbidden, "This is not for you.").ToResult().ExecuteAsync(Context);
}
