using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Tests.Configuration;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

public sealed class ListenerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vcm-tls-");
    private readonly FakeTimeProvider _time = new();
    private int _minutes;

    private TlsOptions Files =>
        new(0, Path.Combine(_folder.FullName, "tls.crt"), Path.Combine(_folder.FullName, "tls.key"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_server_ends_tls_where_a_certificate_is_configured()
    {
        Write("one");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<TimeProvider>(_time).AddRoutingCore();
        var server = new ConfigurationBench().Options().Server with
        {
            Host = IPAddress.Loopback,
            Port = 0,
            Tls = Files,
        };
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenOn(server));
        await using var app = builder.Build();
        app.MapGet("/", () => "hello");
        await app.StartAsync(TestContext.Current.CancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

        addresses.Count.ShouldBe(2);
        (await SubjectAsync(new Uri(addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal))))).ShouldBe(
            "CN=one"
        );
    }

    [Fact]
    public void A_renewed_certificate_is_taken_up_and_a_broken_one_is_not()
    {
        Write("one");
        ServerCertificate certificate = new(Files, _time, NullLogger<ServerCertificate>.Instance);
        Subject(certificate).ShouldBe("CN=one");

        Write("two");
        Subject(certificate).ShouldBe("CN=one");
        _time.Advance(TimeSpan.FromSeconds(30));
        Subject(certificate).ShouldBe("CN=two");

        File.WriteAllText(Files.Key, "half a key");
        Touch(Files.Key);
        _time.Advance(TimeSpan.FromSeconds(30));
        Subject(certificate).ShouldBe("CN=two");

        Write("three");
        _time.Advance(TimeSpan.FromSeconds(30));
        Subject(certificate).ShouldBe("CN=three");
    }

    [Fact]
    public void Files_that_are_no_certificate_stop_the_start()
    {
        File.WriteAllText(Files.Certificate, "nonsense");
        File.WriteAllText(Files.Key, "nonsense");

        Should.Throw<CryptographicException>(() =>
            new ServerCertificate(Files, _time, NullLogger<ServerCertificate>.Instance)
        );
    }

    private static string Subject(ServerCertificate certificate) =>
        certificate.Current().ServerCertificateContext!.TargetCertificate.Subject;

    private static async Task<string> SubjectAsync(Uri address)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        // No authority vouches for the test's own certificate: it must be the very one that was written.
        await using SslStream tls = new(
            client.GetStream(),
            leaveInnerStreamOpen: false,
            (_, shown, _, _) => shown?.Subject == "CN=one"
        );
        await tls.AuthenticateAsClientAsync("localhost");
        return tls.RemoteCertificate!.Subject;
    }

    private void Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Files.Key, key.ExportPkcs8PrivateKeyPem());
        Touch(Files.Certificate);
        Touch(Files.Key);
    }

    /// <summary>The times of files are coarse: each writing gets one of its own.</summary>
    private void Touch(string file) => File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddMinutes(++_minutes));
}
