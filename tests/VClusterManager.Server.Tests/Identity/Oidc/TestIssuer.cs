using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using VClusterManager.Server.Tests.Identity.Tokens;

namespace VClusterManager.Server.Tests.Identity.Oidc;

/// <summary>An issuer on this machine, with real keys that can be rotated.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Dictionary<string, RSA> _published = [];

    private TestIssuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGet("/.well-known/openid-configuration", Discover);
        _app.MapGet("/keys", Keys);
    }

    /// <summary>As its tokens have it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What it says that it is called; <see langword="null"/>: what it is called.</summary>
    public string? OtherName { get; set; }

    public bool IsBroken { get; set; }

    /// <summary>How often it was asked for its keys.</summary>
    public int Asked { get; private set; }

    public RSA Key { get; private set; } = RSA.Create(2048);

    public string KeyId { get; private set; } = "first";

    public static async Task<TestIssuer> StartAsync()
    {
        TestIssuer issuer = new();
        issuer._published["first"] = issuer.Key;
        await issuer._app.StartAsync();
        issuer.Name = issuer._app.Urls.Single();
        return issuer;
    }

    /// <summary>Signs with a new key from now on; the old one is not published any more.</summary>
    public void Rotate(string id)
    {
        _published.Clear();
        (Key, KeyId) = (RSA.Create(2048), id);
        _published[id] = Key;
    }

    public string Sign(object claims, string? kid = "") => Jwt.Rsa(claims, Key, kid == "" ? KeyId : kid);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IResult Discover() =>
        IsBroken
            ? Results.StatusCode(500)
            : Results.Json(
                new
                {
                    issuer = OtherName ?? Name,
                    jwks_uri = $"{Name}/keys",
                    id_token_signing_alg_values_supported = new List<string> { "RS256" },
                }
            );

    private IResult Keys()
    {
        Asked++;
        return Results.Json(new { keys = _published.Select(entry => Public(entry.Key, entry.Value)) });
    }

    private static object Public(string id, RSA key)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            use = "sig",
            alg = "RS256",
            kid = id,
            n = Base64UrlEncoder.Encode(numbers.Modulus),
            e = Base64UrlEncoder.Encode(numbers.Exponent),
        };
    }
}
