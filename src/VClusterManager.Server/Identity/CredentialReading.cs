namespace VClusterManager.Server.Identity;

/// <summary>Finds the credential in a request's headers. Pure.</summary>
internal static class CredentialReading
{
    public const string ApiKeyHeader = "X-API-Key";

    private const string BearerPrefix = "Bearer ";

    /// <summary>Longer than any token that is worth reading.</summary>
    public const int MaxLength = 16 * 1024;

    /// <param name="refusal">Why what was sent is no credential; <see langword="null"/>: nothing was sent, or it is one.</param>
    public static Credential? Read(IHeaderDictionary headers, out string? refusal)
    {
        var keys = headers[ApiKeyHeader];
        var authorizations = headers.Authorization;
        refusal = null;
        if (keys.Count == 0 && authorizations.Count == 0)
        {
            return null;
        }

        var bearer = authorizations is [{ } only] && IsBearer(only) ? only[BearerPrefix.Length..].Trim() : null;
        var credential = (keys.Count, bearer) switch
        {
            (1, null) when authorizations.Count <= 1 => new Credential(keys[0] ?? "", IsBearer: false),
            (0, not null) => new Credential(bearer, IsBearer: true),
            _ => null,
        };
        refusal =
            keys.Count + authorizations.Count > 1 && credential is null ? "Send one credential, not several."
            : credential is null ? $"Send a credential as {ApiKeyHeader} or as Authorization: Bearer."
            : credential.Text.Length is 0 or > MaxLength ? "The credential is empty or too long."
            : null;
        return refusal is null ? credential : null;
    }

    private static bool IsBearer(string authorization) =>
        authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase);
}
