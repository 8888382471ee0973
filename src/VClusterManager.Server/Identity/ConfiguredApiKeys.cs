using System.Security.Cryptography;
using System.Text;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Identity;

/// <summary>The API keys of the configuration.</summary>
internal sealed class ConfiguredApiKeys(AuthOptions options, TimeProvider time)
{
    public const string Source = "api_key";

    public static string IdentityOf(string client) => $"{Source}/{client}";

    public ValueTask<CredentialAnswer> CheckAsync(Credential credential, CancellationToken cancellation) =>
        ValueTask.FromResult(Check(credential));

    /// <summary>Takes the same time whatever is shown: every key is compared, and each in constant time.</summary>
    private CredentialAnswer Check(Credential credential)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(credential.Text));
        ConfiguredApiKey? found = null;
        foreach (var key in options.ApiKeys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash))
            {
                found = key;
            }
        }

        return found switch
        {
            null => CredentialAnswer.Unknown.Instance,
            { Expires: { } end } when end <= time.GetUtcNow() => new CredentialAnswer.Refused(
                "The API key has expired."
            ),
            _ => new CredentialAnswer.Accepted(
                new Principal(found.ClientId, found.Role, Source, found.Expires)
                {
                    Identity = IdentityOf(found.ClientId),
                    Limits = found.Limits,
                }
            ),
        };
    }
}
