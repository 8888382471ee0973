using System.Text.Json.Nodes;

namespace VCluster.StandIn.Chart;

/// <summary>The service accounts: one for the control plane, one for the tenant's pods.</summary>
internal static class Accounts
{
    public static IEnumerable<ChartObject> All(ReleaseInput input)
    {
        const string own = "controlPlane.advanced.serviceAccount";
        const string workload = "controlPlane.advanced.workloadServiceAccount";
        if (input.IsOn(own + ".enabled"))
        {
            yield return new("serviceaccount.yaml", Account(input, input.ControlPlaneAccount, own));
        }

        if (input.IsOn(workload + ".enabled"))
        {
            yield return new("workload-serviceaccount.yaml", Account(input, input.WorkloadAccount, workload));
        }
    }

    private static JsonObject Account(ReleaseInput input, string name, string section)
    {
        var account = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ServiceAccount",
            ["metadata"] = input.Metadata(name, section),
        };
        if (input.List(section + ".imagePullSecrets") is { Count: > 0 } secrets)
        {
            account["imagePullSecrets"] = secrets;
        }

        return account;
    }
}
