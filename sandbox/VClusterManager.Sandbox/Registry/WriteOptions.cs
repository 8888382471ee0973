using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Registry;

/// <summary>Who writes, under which name the written fields are kept, and whether for real.</summary>
internal sealed record WriteOptions(string FieldManager, bool DryRun = false, string? Subresource = null)
{
    public FieldValidation FieldValidation { get; init; } = FieldValidation.Ignore;

    /// <summary>Looks at the object as it was (null: a new one) and as it is about to be stored; may refuse.</summary>
    public Action<JsonObject?, JsonObject>? Inspect { get; init; }

    /// <summary>The object comes with its managed fields worked out, as after an apply.</summary>
    public bool KeepsOwnership { get; init; }

    /// <summary>Takes warnings for the client.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>The controllers that belong to every cluster.</summary>
    public static readonly WriteOptions ControllerManager = new("kube-controller-manager");

    public static readonly WriteOptions ControllerStatus = new("kube-controller-manager", Subresource: "status");

    public static readonly WriteOptions Kubelet = new("kubelet", Subresource: "status");
}

/// <summary>What a caller may say about a deletion.</summary>
internal sealed record DeleteOptions(
    string? Uid = null,
    string? ResourceVersion = null,
    string? Propagation = null,
    long? GracePeriodSeconds = null,
    bool DryRun = false
)
{
    public static readonly DeleteOptions Now = new(GracePeriodSeconds: 0);

    public static DeleteOptions From(JsonObject? body, DeleteOptions query) =>
        body is null
            ? query
            : new DeleteOptions(
                body.Text("preconditions", "uid"),
                body.Text("preconditions", "resourceVersion"),
                body.Text("propagationPolicy")
                    ?? (
                        body.At("orphanDependents") is null ? query.Propagation
                        : body.Flag("orphanDependents") ? "Orphan"
                        : "Background"
                    ),
                body.Number("gracePeriodSeconds") ?? query.GracePeriodSeconds,
                query.DryRun || body.Texts("dryRun").Contains("All")
            );
}
