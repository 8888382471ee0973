using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VClusterManager.Sandbox.Authentication;

/// <summary>A cluster's own authority: it signs the server's certificate and those that clients show.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider time)
    {
        _certificate = certificate;
        _time = time;
    }

    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Key and certificate, to be read back with <see cref="Load"/>.</summary>
    public string Pem => CertificatePem + "\n" + _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";

    public static CertificateAuthority Create(string name, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(
                X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature,
                critical: true
            )
        );
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now.AddHours(-1), now.AddYears(10)), time);
    }

    public static CertificateAuthority Load(string pem, TimeProvider time) =>
        new(X509Certificate2.CreateFromPem(pem, pem), time);

    public X509Certificate2 IssueServer(string name, IEnumerable<string> dnsNames)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var dnsName in dnsNames)
        {
            names.AddDnsName(dnsName);
        }

        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        return Issue($"CN={name}", ServerAuthentication, names.Build());
    }

    /// <summary>A client's certificate: the common name is the user, the organisations are the groups.</summary>
    public X509Certificate2 IssueClient(string user, params IEnumerable<string> groups)
    {
        var name = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
        {
            name.AddOrganizationName(group);
        }

        name.AddCommonName(user);
        return Issue(name.Build().Name, ClientAuthentication, alternativeNames: null);
    }

    /// <summary>True when this authority signed the certificate and it holds now.</summary>
    public bool Signed(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }

    public static string KeyPem(X509Certificate2 certificate) =>
        certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem() + "\n";

    public void Dispose() => _certificate.Dispose();

    private X509Certificate2 Issue(string subject, string purpose, X509Extension? alternativeNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        if (alternativeNames is not null)
        {
            request.CertificateExtensions.Add(alternativeNames);
        }

        var now = _time.GetUtcNow();
        using var issued = request.Create(
            _certificate,
            now.AddMinutes(-5),
            now.AddYears(5),
            RandomNumberGenerator.GetBytes(16)
        );
        using var withKey = issued.CopyWithPrivateKey(key);
        // Windows' TLS needs a key that went through a container; elsewhere this changes nothing.
        return X509CertificateLoader.LoadPkcs12(
            withKey.Export(X509ContentType.Pkcs12),
            password: null,
            X509KeyStorageFlags.Exportable
        );
    }
}
