using System.Text.Json.Nodes;

namespace VCluster.StandIn.Chart;

/// <summary>An etcd beside the control plane, when the backing store is a deployed one.</summary>
internal static class DeployedEtcd
{
    private const string Section = "controlPlane.backingStore.etcd.deploy";
    private const string Set = Section + ".statefulSet";
    private const string App = "vcluster-etcd";

    public static IEnumerable<ChartObject> All(ReleaseInput input)
    {
        if (!input.IsOn(Section + ".enabled") || !input.IsOn(Set + ".enabled"))
        {
            yield break;
        }

        yield return new(
            "etcd-headless-service.yaml",
            Service(input, "-etcd-headless", "headlessService", headless: true)
        );
        if (input.IsOn(Section + ".service.enabled"))
        {
            yield return new("etcd-service.yaml", Service(input, "-etcd", "service", headless: false));
        }

        yield return new("etcd-statefulset.yaml", StatefulSet(input));
    }

    private static JsonObject Service(ReleaseInput input, string suffix, string section, bool headless)
    {
        var spec = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["ports"] = new JsonArray(Port("etcd", 2379), Port("peer", 2380)),
            ["selector"] = Labels(input),
        };
        if (headless)
        {
            spec["clusterIP"] = "None";
            spec["publishNotReadyAddresses"] = true;
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Service",
            ["metadata"] = input.Metadata(input.Name + suffix, $"{Section}.{section}", App),
            ["spec"] = spec,
        };
    }

    private static JsonObject StatefulSet(ReleaseInput input)
    {
        var spec = new JsonObject
        {
            ["replicas"] = input.Number(Set + ".highAvailability.replicas"),
            ["podManagementPolicy"] = input.Text(Set + ".scheduling.podManagementPolicy", "Parallel"),
            ["serviceName"] = input.Name + "-etcd-headless",
            ["selector"] = new JsonObject { ["matchLabels"] = Labels(input) },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels(input) },
                ["spec"] = PodSpec(input),
            },
        };
        if (input.IsOn(Set + ".persistence.volumeClaim.enabled"))
        {
            spec["volumeClaimTemplates"] = new JsonArray(
                Workload.ClaimTemplate(input, Set + ".persistence.volumeClaim")
            );
        }

        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "StatefulSet",
            ["metadata"] = input.Metadata(input.Name + "-etcd", Set, App),
            ["spec"] = spec,
        };
    }

    private static JsonObject PodSpec(ReleaseInput input)
    {
        var volumes = new JsonArray
        {
            new JsonObject
            {
                ["name"] = "certs",
                ["secret"] = new JsonObject { ["secretName"] = input.Name + "-certs" },
            },
        };
        if (!input.IsOn(Set + ".persistence.volumeClaim.enabled"))
        {
            volumes.Add(new JsonObject { ["name"] = "data", ["emptyDir"] = new JsonObject() });
        }

        var spec = new JsonObject
        {
            ["terminationGracePeriodSeconds"] = 10,
            ["automountServiceAccountToken"] = false,
            ["serviceAccountName"] = input.ControlPlaneAccount,
            ["enableServiceLinks"] = input.IsOn(Set + ".enableServiceLinks"),
            ["volumes"] = volumes,
            ["containers"] = new JsonArray(Etcd(input)),
        };
        PodParts.Add(spec, input, Set);
        return spec;
    }

    private static JsonObject Etcd(ReleaseInput input)
    {
        var certificates = Containers.Mount("certs", "/run/config/pki");
        certificates["readOnly"] = true;
        return new JsonObject
        {
            ["name"] = "etcd",
            ["image"] = input.Image(Set + ".image", input.Text(Set + ".image.tag")),
            ["command"] = Command(input),
            ["env"] = new JsonArray(Containers.FromField("NAME", "metadata.name")),
            ["volumeMounts"] = new JsonArray(Containers.Mount("data", "/var/lib/etcd"), certificates),
            ["resources"] = input.Map(Set + ".resources"),
            ["livenessProbe"] = Probe("/livez", 8),
            ["startupProbe"] = Probe("/readyz", 24),
        };
    }

    private static JsonArray Command(ReleaseInput input)
    {
        var domain = $"{input.Name}-etcd-headless.{input.Namespace}";
        var members = Enumerable
            .Range(0, input.Number(Set + ".highAvailability.replicas"))
            .Select(i => $"{input.Name}-etcd-{i}=https://{input.Name}-etcd-{i}.{domain}:2380");
        string[] arguments =
        [
            "etcd",
            "--name=$(NAME)",
            "--data-dir=/var/lib/etcd",
            "--client-cert-auth=true",
            "--cert-file=/run/config/pki/etcd-server.crt",
            "--key-file=/run/config/pki/etcd-server.key",
            "--trusted-ca-file=/run/config/pki/etcd-ca.crt",
            "--listen-client-urls=https://0.0.0.0:2379",
            "--listen-peer-urls=https://0.0.0.0:2380",
            $"--advertise-client-urls=https://$(NAME).{domain}:2379",
            $"--initial-advertise-peer-urls=https://$(NAME).{domain}:2380",
            $"--initial-cluster={string.Join(',', members)}",
            $"--initial-cluster-token={input.Name}",
            "--initial-cluster-state=new",
            .. input.List(Set + ".extraArgs").Select(argument => argument!.ToString()),
        ];
        return [.. arguments.Select(argument => (JsonNode)argument)];
    }

    private static JsonObject Probe(string path, int failures) =>
        new()
        {
            ["httpGet"] = new JsonObject
            {
                ["path"] = path,
                ["port"] = 2381,
                ["scheme"] = "HTTP",
            },
            ["initialDelaySeconds"] = 10,
            ["timeoutSeconds"] = 15,
            ["failureThreshold"] = failures,
        };

    private static JsonObject Port(string name, int port) =>
        new()
        {
            ["name"] = name,
            ["port"] = port,
            ["targetPort"] = port,
            ["protocol"] = "TCP",
        };

    private static JsonObject Labels(ReleaseInput input) => new() { ["app"] = App, ["release"] = input.Name };
}
