using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>
/// The APIs of GitHub, Bitbucket and GitLab on loopback, as far as the server speaks to them: what it says is kept, and
/// whoever does not show the token is sent away.
/// </summary>
public sealed partial class ProviderStandIn : IAsyncDisposable
{
    public const string Token = "token-of-the-stand-in";

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<Comment> _comments = [];
    private int _lastId = 100;

    public ProviderStandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
        _app.Start();
        Address = new Uri(_app.Urls.Single());
    }

    public sealed record Comment(int Id, string Provider, string Place, string Text, int Edits);

    /// <param name="Place">The address of the commit.</param>
    /// <param name="Key">What Bitbucket knows it by.</param>
    public sealed record Status(
        string Provider,
        string Place,
        string State,
        string Description,
        string Context,
        string? Key
    );

    public Uri Address { get; }

    /// <summary>What is answered in place of the truth; <see langword="null"/>: the truth.</summary>
    public Func<HttpContext, int?> Fault { get; set; } = _ => null;

    /// <summary>What is done, and never answered.</summary>
    public Func<HttpContext, bool> Swallow { get; set; } = _ => false;

    /// <summary>Pull requests as they are now, by their path: <c>/github/repos/a/b/pulls/1</c>.</summary>
    public ConcurrentDictionary<string, JsonObject> PullRequests { get; } = [];

    public ConcurrentQueue<Status> Statuses { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    public IReadOnlyList<Comment> Comments
    {
        get
        {
            lock (_gate)
            {
                return [.. _comments];
            }
        }
    }

    /// <summary>The address to configure for a provider.</summary>
    public Uri For(string provider) => new(Address, provider + "/");

    public void DeleteComment(int id)
    {
        lock (_gate)
        {
            _comments.RemoveAll(comment => comment.Id == id);
        }
    }

    /// <summary>Somebody else comments.</summary>
    public void AddComment(string provider, string place, string text)
    {
        lock (_gate)
        {
            _comments.Add(new Comment(++_lastId, provider, place, text, Edits: 0));
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        Requests.Enqueue($"{http.Request.Method} {path}");
        if (!http.Request.Headers.Authorization.ToString().EndsWith(Token, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (Fault(http) is { } fault)
        {
            http.Response.StatusCode = fault;
            return;
        }

        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync();
        var body = text.Length > 0 ? JsonNode.Parse(text)!.AsObject() : [];
        var answer = Answer(http.Request.Method, path[1..].Split('/')[0], path, body);
        if (Swallow(http))
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode =
            answer is null ? 404
            : http.Request.Method == "POST" ? 201
            : 200;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer?.ToJsonString() ?? "{}");
    }

    private JsonNode? Answer(string method, string provider, string path, JsonObject body)
    {
        if (method == "POST" && StatusPath.IsMatch(path))
        {
            var state = (body["state"]?.GetValue<string>() ?? "").ToUpperInvariant();
            var context = body["context"] ?? body["name"];
            Statuses.Enqueue(
                new Status(
                    provider,
                    path,
                    state,
                    body["description"]!.GetValue<string>(),
                    context!.GetValue<string>(),
                    body["key"]?.GetValue<string>()
                )
            );
            return new JsonObject { ["id"] = 1 };
        }

        if (PullRequests.TryGetValue(path, out var pull))
        {
            return pull.DeepClone();
        }

        return CommentPath.Match(path) is { Success: true } comments
            ? OnComments(method, provider, comments.Groups["place"].Value, comments.Groups["id"].Value, body)
            : null;
    }

    private JsonNode? OnComments(string method, string provider, string place, string id, JsonObject body)
    {
        var text = (body["body"] ?? body["text"] ?? body["content"]?["raw"])?.GetValue<string>() ?? "";
        lock (_gate)
        {
            if (id.Length == 0 && method == "POST")
            {
                _comments.Add(new Comment(++_lastId, provider, place, text, Edits: 0));
                return Shown(_comments[^1]);
            }

            if (id.Length == 0)
            {
                var all = new JsonArray([
                    .. _comments.Where(c => c.Provider == provider && c.Place == place).Select(Shown),
                ]);
                return provider switch
                {
                    "github" or "gitlab" => all,
                    "bitbucket" => new JsonObject { ["values"] = all },
                    _ => new JsonObject
                    {
                        ["values"] = new JsonArray([
                            .. all.Reverse().Select(one => new JsonObject { ["comment"] = one!.DeepClone() }),
                        ]),
                        ["isLastPage"] = true,
                    },
                };
            }

            var at = _comments.FindIndex(c => c.Provider == provider && $"{c.Id}" == id);
            if (at < 0)
            {
                return null;
            }

            if (method != "GET")
            {
                _comments[at] = _comments[at] with { Text = text, Edits = _comments[at].Edits + 1 };
            }

            return Shown(_comments[at]);
        }
    }

    private static JsonObject Shown(Comment comment) =>
        new()
        {
            ["id"] = comment.Id,
            ["version"] = comment.Edits,
            ["body"] = comment.Text,
            ["text"] = comment.Text,
            ["content"] = new JsonObject { ["raw"] = comment.Text },
        };

    [GeneratedRegex("/statuses/|/build-status/", RegexOptions.None, 1000)]
    private static partial Regex StatusPath { get; }

    // GitHub edits a comment by its repository, the others by its pull request; Data Center lists them as activities.
    [GeneratedRegex("^(?<place>.*?)/(comments|notes|activities)(/(?<id>[^/]+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommentPath { get; }
}
