using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VClusterManager.Sandbox.Api;

namespace VClusterManager.Sandbox.Authentication;

/// <summary>
/// Finds out who calls: by a client certificate of the cluster's own authority, then by a bearer token. A bad token is
/// refused; no credentials at all make the caller anonymous.
/// </summary>
internal sealed class Authenticator(CertificateAuthority authority, ServiceAccountTokens serviceAccounts)
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";
    private const string CredentialId = "authentication.kubernetes.io/credential-id";

    private readonly ConcurrentDictionary<string, Identity> _tokens = [];
    private readonly ConcurrentDictionary<string, Identity> _certificates = [];

    /// <summary>Lets a token stand for someone for as long as the cluster runs.</summary>
    public void AddToken(string token, Identity identity) => _tokens[token] = identity;

    public Identity Authenticate(HttpContext context)
    {
        var certificate = context.Connection.ClientCertificate;
        if (certificate is not null && FromCertificate(certificate) is { } known)
        {
            return known;
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return certificate is null ? Identity.Anonymous : throw Refusals.Unauthorized();
        }

        var token = header["Bearer ".Length..].Trim();
        return _tokens.GetValueOrDefault(token) ?? serviceAccounts.Read(token) ?? throw Refusals.Unauthorized();
    }

    public Identity? FromToken(string token) => _tokens.GetValueOrDefault(token) ?? serviceAccounts.Read(token);

    private Identity? FromCertificate(X509Certificate2 certificate)
    {
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        if (_certificates.TryGetValue(fingerprint, out var known))
        {
            return known;
        }

        if (!authority.Signed(certificate))
        {
            return null;
        }

        var names = Names(certificate.SubjectName);
        var identity = new Identity(
            names.FirstOrDefault(name => name.Type == CommonName).Value ?? "",
            [.. names.Where(name => name.Type == Organization).Select(name => name.Value), Identity.Authenticated]
        )
        {
            Extra = new Dictionary<string, string> { [CredentialId] = $"X509SHA256={fingerprint}" },
        };
        _certificates[fingerprint] = identity;
        return identity;
    }

    private static List<(string Type, string Value)> Names(X500DistinguishedName subject)
    {
        var names = new List<(string, string)>();
        var sequence = new AsnReader(subject.RawData, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData)
        {
            var set = sequence.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                var pair = set.ReadSequence();
                var type = pair.ReadObjectIdentifier();
                names.Add((type, pair.ReadCharacterString((UniversalTagNumber)pair.PeekTag().TagValue)));
            }
        }

        return names;
    }
}
