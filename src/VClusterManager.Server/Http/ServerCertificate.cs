using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Http;

/// <summary>
/// The certificate for TLS. Its files are renewed under a running server (cert-manager does so every few weeks), so they
/// are looked at again now and then; while the new ones cannot be read, the old certificate stays.
/// </summary>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    private readonly TlsOptions _files;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCertificate> _logger;
    private readonly Lock _lock = new();
    private SslServerAuthenticationOptions _current;
    private (DateTime Certificate, DateTime Key) _written;
    private long _looked;

    /// <exception cref="CryptographicException">The files are no certificate with its key: the server must not start.</exception>
    public ServerCertificate(TlsOptions files, TimeProvider time, ILogger<ServerCertificate> logger)
    {
        _files = files;
        _time = time;
        _logger = logger;
        _looked = time.GetTimestamp();
        _written = Written();
        _current = Load();
    }

    public SslServerAuthenticationOptions Current()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_looked) >= LookEvery)
            {
                _looked = _time.GetTimestamp();
                Renew();
            }

            return _current;
        }
    }

    private void Renew()
    {
        var written = Written();
        if (written == _written)
        {
            return;
        }

        try
        {
            _current = Load();
            _written = written;
            Log.Renewed(_logger, _files.Certificate);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            // Between the writing of the one file and the other, they do not match: the next look will tell.
            Log.NotRenewed(_logger, e, _files.Certificate);
        }
    }

    private SslServerAuthenticationOptions Load()
    {
        using var fromPem = X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key);
        // Some platforms cannot use a key that lives only in memory until it has been through a PFX.
        var certificate = X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pfx), password: null);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(_files.Certificate);
        return new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
        };
    }

    private (DateTime Certificate, DateTime Key) Written() =>
        (File.GetLastWriteTimeUtc(_files.Certificate), File.GetLastWriteTimeUtc(_files.Key));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The certificate {File} was renewed")]
        public static partial void Renewed(ILogger logger, string file);

        [LoggerMessage(LogLevel.Warning, "The certificate {File} has changed and cannot be used; the old one stays")]
        public static partial void NotRenewed(ILogger logger, Exception exception, string file);
    }
}
