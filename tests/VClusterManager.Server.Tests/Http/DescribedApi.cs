using System.Text.Json.Nodes;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Http.OpenApi;
using Xunit;

namespace VClusterManager.Server.Tests.Http;

/// <summary>The description of the whole API, made once.</summary>
public sealed class DescribedApi : IAsyncLifetime
{
    internal byte[] Text { get; private set; } = [];

    internal JsonObject Document { get; private set; } = [];

    internal IEnumerable<DescribedOperation> Operations =>
        Document["paths"]!
            .AsObject()
            .SelectMany(path =>
                path.Value!.AsObject().Select(o => new DescribedOperation(o.Key, path.Key, o.Value!.AsObject()))
            );

    public async ValueTask InitializeAsync()
    {
        await using var app = ServerBuilder.Build(ConfigurationLoader.Defaults());
        Text = await ApiDocumentFile.DescribeAsync(app);
        Document = JsonNode.Parse(Text)!.AsObject();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What it stands for, where it is a reference.</summary>
    internal JsonObject Resolve(JsonNode node)
    {
        if (node["$ref"]?.GetValue<string>() is not { } reference)
        {
            return node.AsObject();
        }

        var target = reference.Split('/').Skip(1).Aggregate<string, JsonNode?>(Document, (at, name) => at?[name]);
        return target.ShouldNotBeNull(reference).AsObject();
    }
}

internal sealed record DescribedOperation(string Method, string Path, JsonObject Node)
{
    public IEnumerable<(int Status, JsonNode Answer)> Answers =>
        Node["responses"]!.AsObject().Select(a => (int.Parse(a.Key), a.Value!));

    public IEnumerable<int> Statuses => Answers.Select(a => a.Status);

    public IEnumerable<JsonNode> Parameters => (Node["parameters"] as JsonArray ?? []).Select(p => p!);

    public bool IsSecured => Node["security"] is not null;

    public override string ToString() => $"{Method.ToUpperInvariant()} {Path}";
}
