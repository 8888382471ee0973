using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using VClusterManager.Client;

namespace VClusterManager.Cli;

/// <summary>How one comes to a server: by its address, and with a credential from the environment. Never from arguments, which others can see.</summary>
internal sealed class ServerAccess : IDisposable
{
    private const string ApiKey = "VCM_API_KEY";
    private const string Token = "VCM_TOKEN";

    private readonly HttpClient _http;
    private readonly string _credential;

    private ServerAccess(HttpClient http, string credential)
    {
        _http = http;
        _credential = credential;
        Client = new VClusterManagerClient(http);
    }

    public VClusterManagerClient Client { get; }

    /// <exception cref="CliException">There is no credential.</exception>
    public static ServerAccess Open(Uri server)
    {
        var http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };
        if (Environment.GetEnvironmentVariable(ApiKey) is { Length: > 0 } key)
        {
            http.DefaultRequestHeaders.Add("X-API-Key", key);
            return new ServerAccess(http, key);
        }

        if (Environment.GetEnvironmentVariable(Token) is { Length: > 0 } token)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return new ServerAccess(http, token);
        }

        http.Dispose();
        throw new CliException($"Set {ApiKey} to an API key, or {Token} to a token of {server}.");
    }

    /// <summary>Tells things of this server and this credential from those of others.</summary>
    public string NameFor(string thing) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{_http.BaseAddress}\n{_credential}\n{thing}"))
        );

    public void Dispose() => _http.Dispose();
}

/// <summary>Why it cannot go on, in words for the person at the terminal.</summary>
internal sealed class CliException(string message) : Exception(message);
