using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.Processes;

namespace VClusterManager.Server.Tests.Kubernetes;

/// <summary>An API server that answers what a test tells it to, also what a real one should never answer.</summary>
internal sealed class ScriptedHost : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly string _folder = Directory.CreateTempSubdirectory("scripted-host-").FullName;
    private readonly HostConnection _connection;
    private readonly CancellationTokenSource _ending = new();

    private readonly string _address;

    private ScriptedHost(WebApplication web, string address)
    {
        (_web, _address) = (web, address);
        _connection = Connect(WriteKubeconfig("secret-token"), TimeProvider.System);
        Api = new HostApi(_connection, TimeProvider.System) { Timeout = TimeSpan.FromSeconds(5) };
    }

    public static HostConnection Connect(string kubeconfig, TimeProvider time) =>
        new(
            new HostConfiguration(new KubernetesOptions { Kubeconfig = kubeconfig, Context = null }),
            new HostClock(time),
            time
        );

    /// <summary>Writes it, in the place of what there was; only <c>secret-token</c> is let in.</summary>
    public string WriteKubeconfig(string token, string name = "config")
    {
        var kubeconfig = Path.Combine(_folder, name);
        File.WriteAllText(
            kubeconfig,
            $$$"""
            apiVersion: v1
            kind: Config
            current-context: host
            contexts: [{name: host, context: {cluster: host, user: me}}]
            clusters: [{name: host, cluster: {server: "{{{_address}}}"}}]
            users: [{name: me, user: {token: {{{token}}}}}]
            """
        );
        return kubeconfig;
    }

    public HostApi Api { get; }

    public HostConnection Connection => _connection;

    /// <summary>What was asked, in order: method, path and query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Asked first; the first script that answers has answered.</summary>
    public ConcurrentQueue<Func<HttpContext, bool, Task<bool>>> Scripts { get; } = new();

    public static async Task<ScriptedHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        ScriptedHost? host = null;
        web.Run(context => host!.AnswerAsync(context));
        await web.StartAsync();
        var address = web
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        return host = new ScriptedHost(web, address);
    }

    /// <summary>Answers lists of this collection.</summary>
    public void OnList(string path, Func<HttpContext, Task> answer) => On(path, watch: false, answer);

    /// <summary>Answers watches of this collection, each with the next of the answers and the last of them for ever.</summary>
    public void OnWatch(string path, params Func<HttpContext, Task>[] answers)
    {
        var turn = -1;
        On(
            path,
            watch: true,
            context => answers[Math.Min(Interlocked.Increment(ref turn), answers.Length - 1)](context)
        );
    }

    /// <summary>Answers anything else of this path.</summary>
    public void On(string path, bool watch, Func<HttpContext, Task> answer) =>
        Scripts.Enqueue(
            async (context, isWatch) =>
            {
                if (context.Request.Path != path || isWatch != watch)
                    return false;
                await answer(context);
                return true;
            }
        );

    /// <summary>A list of these objects.</summary>
    public static Func<HttpContext, Task> List(string version, params string[] objects) =>
        context =>
            WriteAsync(
                context,
                $$"""{"metadata":{"resourceVersion":"{{version}}"},"items":[{{string.Join(',', objects)}}]}"""
            );

    /// <summary>A watch that says this and is ended by the server.</summary>
    public static Func<HttpContext, Task> Lines(params string[] lines) =>
        context => WriteAsync(context, string.Concat(lines.Select(l => l + "\n")));

    /// <summary>A watch that says this and then nothing, for as long as the client stays.</summary>
    public Func<HttpContext, Task> Open(params string[] lines) =>
        async context =>
        {
            await WriteAsync(context, string.Concat(lines.Select(l => l + "\n")));
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

    /// <summary>A watch whose connection breaks after these bytes, and not before they have been read: a reset overtakes them.</summary>
    public static Func<HttpContext, Task> Broken(string bytes, Func<bool> read) =>
        async context =>
        {
            await WriteAsync(context, bytes);
            await ToolBench.WaitUntil(read);
            context.Abort();
        };

    public static Func<HttpContext, Task> Status(
        int code,
        string message,
        string? reason = null,
        string? name = null
    ) =>
        context =>
        {
            context.Response.StatusCode = code;
            var status = new JsonObject
            {
                ["kind"] = "Status",
                ["message"] = message,
                ["reason"] = reason,
                ["details"] = new JsonObject { ["name"] = name },
                ["code"] = code,
            };
            return WriteAsync(context, status.ToJsonString());
        };

    /// <summary>As a web server answers that is no API server.</summary>
    public static Func<HttpContext, Task> Html(int code) =>
        context =>
        {
            context.Response.StatusCode = code;
            return WriteAsync(context, "<html>not found</html>");
        };

    public static Func<HttpContext, Task> Json(string json) => context => WriteAsync(context, json);

    public static string Event(string type, string @object) => $$$"""{"type":"{{{type}}}","object":{{{@object}}}}""";

    public static string Bookmark(string version) =>
        Event("BOOKMARK", $$$"""{"metadata":{"resourceVersion":"{{{version}}}"}}""");

    public static string Expired =>
        Event(
            "ERROR",
            """{"kind":"Status","message":"too old resource version: 5 (385)","reason":"Expired","code":410}"""
        );

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _connection.Dispose();
        await _web.StopAsync(new CancellationToken(canceled: true));
        await _web.DisposeAsync();
        _ending.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (context.Request.Headers.Authorization != "Bearer secret-token")
        {
            await Status(401, "Unauthorized")(context);
            return;
        }

        var isWatch = context.Request.Query.ContainsKey("watch");
        foreach (var script in Scripts)
        {
            if (await script(context, isWatch))
                return;
        }

        await Status(404, "the server could not find the requested resource")(context);
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await context.Response.Body.FlushAsync();
    }
}
