using System.Text.Json.Nodes;

namespace VCluster.StandIn.Chart;

/// <summary>The two containers of a control plane: one that brings the Kubernetes binaries, one that runs them and syncs.</summary>
internal static class Containers
{
    private const string Section = "controlPlane.statefulSet";
    private const string Distro = "controlPlane.distro.k8s";

    public static JsonObject Kubernetes(ReleaseInput input)
    {
        var tag = input.Text(Distro + ".version", input.Text(Distro + ".image.tag"));
        var container = new JsonObject
        {
            ["name"] = "kubernetes",
            ["image"] = input.Image(Distro + ".image", tag),
            ["command"] = new JsonArray("cp"),
            ["args"] = new JsonArray("-r", "/kubernetes/.", "/binaries/"),
            ["securityContext"] = input.Map(Distro + ".securityContext"),
            ["resources"] = input.Map(Distro + ".resources"),
            ["volumeMounts"] = new JsonArray(Mount("binaries", "/binaries")),
        };
        PodParts.Put(container, "imagePullPolicy", input.Text(Distro + ".imagePullPolicy"));
        return container;
    }

    public static JsonObject Syncer(ReleaseInput input)
    {
        var tag = input.Text(Section + ".image.tag", ReleaseInput.ChartVersion);
        var container = new JsonObject
        {
            ["name"] = "syncer",
            ["image"] = input.Image(Section + ".image", tag),
            ["resources"] = input.Map(Section + ".resources"),
            ["env"] = Variables(input),
            ["volumeMounts"] = Mounts(input),
        };
        PodParts.Put(container, "imagePullPolicy", input.Text(Section + ".imagePullPolicy"));
        PodParts.Put(container, "workingDir", input.Text(Section + ".workingDir"));
        PodParts.Put(container, "command", input.List(Section + ".command"));
        PodParts.Put(container, "args", input.List(Section + ".args"));
        PodParts.Put(container, "securityContext", input.Map(Section + ".security.containerSecurityContext"));
        AddProbe(container, input, "livenessProbe", "/healthz");
        AddProbe(container, input, "readinessProbe", "/readyz");
        AddProbe(container, input, "startupProbe", "/readyz");
        return container;
    }

    private static JsonArray Variables(ReleaseInput input)
    {
        var variables = new JsonArray
        {
            new JsonObject { ["name"] = "VCLUSTER_NAME", ["value"] = input.Name },
            new JsonObject { ["name"] = "LOFT_LOG_ENCODING", ["value"] = input.Text("logging.encoding", "console") },
            FromField("POD_NAME", "metadata.name"),
            FromField("POD_IP", "status.podIP"),
            FromField("NODE_NAME", "spec.nodeName"),
            FromField("NODE_IP", "status.hostIP"),
        };
        foreach (var extra in input.List(Section + ".env").Concat(input.List(Distro + ".env")))
        {
            variables.Add(extra?.DeepClone());
        }

        return variables;
    }

    private static JsonArray Mounts(ReleaseInput input)
    {
        var mounts = new JsonArray
        {
            Mount("data", "/data"),
            Mount("binaries", "/binaries"),
            Mount("certs", "/pki"),
            Mount("helm-cache", "/.cache/helm"),
            Mount("vcluster-config", "/var/lib/vcluster"),
            Mount("tmp", "/tmp"),
        };
        foreach (var extra in input.List(Section + ".persistence.addVolumeMounts"))
        {
            mounts.Add(extra?.DeepClone());
        }

        return mounts;
    }

    private static void AddProbe(JsonObject container, ReleaseInput input, string name, string path)
    {
        var probe = input.Map($"{Section}.probes.{name}");
        if (!probe.Remove("enabled", out var enabled) || enabled?.ToString() != "true")
        {
            return;
        }

        probe["httpGet"] = new JsonObject
        {
            ["path"] = path,
            ["port"] = 8443,
            ["scheme"] = "HTTPS",
        };
        container[name] = probe;
    }

    public static JsonObject FromField(string name, string path) =>
        new()
        {
            ["name"] = name,
            ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = path } },
        };

    public static JsonObject Mount(string name, string path) => new() { ["name"] = name, ["mountPath"] = path };
}
