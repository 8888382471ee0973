using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Tests.Configuration;

namespace VClusterManager.Server.Tests.Http;

/// <summary>The real pipeline on a loopback port, with a few routes of the test's own.</summary>
internal sealed class ProbeServer : IAsyncDisposable
{
    public const string ViewerKey = "viewer-key-0123456789";
    public const string EditorKey = "editor-key-0123456789";
    public const string AdminKey = "admin-key-0123456789";
    public const string ExpiringKey = "expiring-key-0123456789";

    private readonly WebApplication _app;

    private ProbeServer(WebApplication app, LogLines log, FakeTimeProvider time)
    {
        _app = app;
        Log = log;
        Time = time;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public static DateTimeOffset Start { get; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public HttpClient Client { get; }

    public Uri Address { get; }

    public LogLines Log { get; }

    public IServiceProvider Services => _app.Services;

    public FakeTimeProvider Time { get; }

    public static async Task<ProbeServer> StartAsync(
        Action<IEndpointRouteBuilder>? map = null,
        Action<IServiceCollection>? services = null,
        string yaml = "",
        string auth = ""
    )
    {
        LogLines log = new();
        FakeTimeProvider time = new(Start);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.AddProvider(log);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<TimeProvider>(time);
        var options = new ConfigurationBench().WithYaml($"{yaml}\n{Keys()}\n{auth}").Options();
        builder.Services.AddConfiguration(options).AddHttp(options.Server).AddIdentity();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseHttp();
        app.UseIdentity();
        var routes = app.MapRoutes();
        routes.MapIdentity();
        routes.MapApiDescription();
        map?.Invoke(routes);
        await app.StartAsync(Xunit.TestContext.Current.CancellationToken);
        return new ProbeServer(app, log, time);
    }

    public async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        string? key = ViewerKey,
        string? json = null,
        params (string Name, string Value)[] headers
    )
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await Client.SendAsync(request, Xunit.TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static string Keys() =>
        $$"""
            auth:
              api_keys:
                victor: {hash: {{Hash(ViewerKey)}}, role: viewer}
                edith: {{EditorKey}}
                ada: {hash: {{Hash(AdminKey)}}, role: admin}
                brief: {hash: {{Hash(ExpiringKey)}}, role: viewer, expires: 2026-05-01T13:00:00Z}
            """;

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

/// <summary>What the server logged.</summary>
internal sealed class LogLines : ILoggerProvider
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Line(this);

    public void Dispose() { }

    private sealed class Line(LogLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Lines.Enqueue((logLevel, formatter(state, exception)));
    }
}

internal static class ProbeAnswers
{
    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();

    public static string? Text(this JsonObject json, string name) => json[name]?.GetValue<string>();
}
