using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Identity.Oidc;

/// <summary>
/// The keys that an issuer publishes. The story: they are asked for when the first token comes, and again when they are
/// some minutes old or a token names a key that is not among them, so that a new key counts at once and one that was
/// taken away soon does not; but never more often than every few seconds, whatever strangers send. While the issuer cannot
/// be reached, what it said last holds for an hour; after that nobody can tell, and nobody is let in.
/// </summary>
internal sealed partial class IssuerKeys(
    OidcIssuerOptions issuer,
    HttpClient http,
    TimeProvider time,
    ILogger<IssuerKeys> logger
) : IDisposable
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    internal static readonly TimeSpan Holds = TimeSpan.FromHours(1);
    internal static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly HttpDocumentRetriever _documents = new(http) { RequireHttps = !issuer.InsecureHttp };
    private readonly SemaphoreSlim _looking = new(1, 1);
    private volatile Found? _found;
    private volatile Look? _last;

    /// <summary>The keys that can have signed a token which names this one.</summary>
    /// <param name="id">As the token says; <see langword="null"/>: it says nothing, and any may have.</param>
    public async ValueTask<IssuerAnswer> FindAsync(string? id, CancellationToken cancellation)
    {
        if (_found is { } known && Age(known.At) < Fresh && known.Of(id) is { Count: > 0 } keys)
        {
            return new IssuerAnswer.Keys(keys);
        }

        await _looking.WaitAsync(cancellation);
        try
        {
            // Somebody else may have looked while we waited for our turn.
            if (_last is null || Age(_last.At) >= BetweenLooks)
            {
                _last = await LookAsync(cancellation);
            }
        }
        finally
        {
            _looking.Release();
        }

        return _found is { } now && Age(now.At) < Holds
            ? new IssuerAnswer.Keys(now.Of(id))
            : new IssuerAnswer.Unreachable(_last.Problem ?? "it has not answered");
    }

    public void Dispose() => _looking.Dispose();

    private async Task<Look> LookAsync(CancellationToken cancellation)
    {
        var address = issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
        string problem;
        try
        {
            var said = await OpenIdConnectConfigurationRetriever.GetAsync(address, _documents, cancellation);
            if (said.Issuer == issuer.Issuer)
            {
                // Keys that are there to encrypt sign nothing.
                var keys = said.JsonWebKeySet?.Keys.Where(key => key.Use is null or "" or "sig").ToList() ?? [];
                _found = new Found([.. keys.Where(IsPublicKey)], time.GetTimestamp());
                return new Look(time.GetTimestamp(), null);
            }

            problem = "it says that it is another one";
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            problem = "it cannot be reached";
            Log.NotReached(logger, issuer.Issuer, Innermost(e).Message);
        }

        return new Look(time.GetTimestamp(), problem);
    }

    // A shared secret that somebody publishes is none.
    private static bool IsPublicKey(JsonWebKey key) => key.Kty is "RSA" or "EC";

    private TimeSpan Age(long since) => time.GetElapsedTime(since);

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private sealed record Found(IReadOnlyList<JsonWebKey> All, long At)
    {
        public IReadOnlyList<JsonWebKey> Of(string? id) =>
            string.IsNullOrEmpty(id) ? All : [.. All.Where(key => key.Kid == id)];
    }

    private sealed record Look(long At, string? Problem);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The issuer {Issuer} cannot be asked for its keys: {Reason}"
        )]
        public static partial void NotReached(ILogger logger, string issuer, string reason);
    }
}

/// <summary>What is known of an issuer's keys.</summary>
internal abstract record IssuerAnswer
{
    private IssuerAnswer() { }

    /// <param name="Candidates">Empty: it has no such key.</param>
    public sealed record Keys(IReadOnlyList<JsonWebKey> Candidates) : IssuerAnswer;

    /// <param name="Reason">After "the issuer cannot be asked: ".</param>
    public sealed record Unreachable(string Reason) : IssuerAnswer;
}
