using System.Collections.Frozen;
using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>
/// What an endpoint must look like so that callers who are bound to namespaces may call it: it reaches into the one
/// namespace that its parameter names, and nowhere else. So it is a list of what is known to do so. Pure.
/// </summary>
internal static class BoundByRules
{
    /// <summary>Verbs behind which a kind stands, which may be one without a namespace.</summary>
    private static readonly FrozenSet<string> OfKinds =
    [
        .. "annotate autoscale delete describe expose get label patch scale wait".Split(' '),
    ];

    /// <summary>The other verbs, with the words of which one must stand behind them; none: whatever stands there.</summary>
    private static readonly FrozenDictionary<string, string[]> Others = new Dictionary<string, string[]>
    {
        ["create"] = "configmap cm cronjob cj deployment deploy ingress ing job secret service svc".Split(' '),
        ["events"] = [],
        ["logs"] = [],
        ["rollout"] = "history pause restart resume status undo".Split(' '),
        ["run"] = [],
        ["set"] = "env image resources selector serviceaccount".Split(' '),
        ["top"] = ["pod", "pods", "po"],
    }.ToFrozenDictionary();

    /// <summary>The kinds of Kubernetes itself that are in no namespace: Kubernetes would not look at it.</summary>
    private static readonly FrozenSet<string> WithoutNamespace =
    [
        .. (
            "apiservice apiservices certificatesigningrequest certificatesigningrequests csr clusterrole clusterroles "
            + "clusterrolebinding clusterrolebindings clustertrustbundle clustertrustbundles componentstatus "
            + "componentstatuses cs csidriver csidrivers csinode csinodes customresourcedefinition "
            + "customresourcedefinitions crd crds deviceclass deviceclasses flowschema flowschemas ingressclass "
            + "ingressclasses ipaddress ipaddresses ip mutatingadmissionpolicy mutatingadmissionpolicies "
            + "mutatingadmissionpolicybinding mutatingadmissionpolicybindings mutatingwebhookconfiguration "
            + "mutatingwebhookconfigurations namespace namespaces ns node nodes no persistentvolume persistentvolumes pv "
            + "priorityclass priorityclasses pc prioritylevelconfiguration prioritylevelconfigurations resourceslice "
            + "resourceslices runtimeclass runtimeclasses selfsubjectreview servicecidr servicecidrs storageclass "
            + "storageclasses sc storageversionmigration storageversionmigrations validatingadmissionpolicy "
            + "validatingadmissionpolicies validatingadmissionpolicybinding validatingadmissionpolicybindings "
            + "validatingwebhookconfiguration validatingwebhookconfigurations volumeattachment volumeattachments "
            + "volumeattributesclass volumeattributesclasses vac"
        ).Split(' '),
    ];

    /// <summary>What is wrong; <see langword="null"/>: nothing.</summary>
    public static string? WrongWith(string name, EndpointDefinition endpoint, WrittenArguments arguments)
    {
        var needed = $"--namespace={{{name}}}";
        var parameter = endpoint.Parameter(name);
        return parameter is null ? $"there is no parameter {name}"
            : endpoint.Target == EndpointTarget.Cluster
                ? "is for target: host; what may be seen of clusters is checked anyway"
            : endpoint.Command != CommandRules.Kubectl
                ? "is for kubectl: of other commands it is not known where they reach"
            : parameter is not { Type: ParameterType.K8sName, IsAlwaysThere: true }
                ? $"the parameter {name} must be of type k8s-name and required"
            : arguments.All.FirstOrDefault(a =>
                a.Template.Written == needed && a.Planned is { OnlyWith: null, IsBehindDashes: false }
            )
                is not { } holding
                ? $"the arguments must hold {needed}"
            : arguments.Taker(holding) is { } flag
                ? $"{needed} could be taken for the value of {flag.Template.Written} before it: write that one with '='"
            : arguments.All.FirstOrDefault(a => a.Template.Written != needed && ReachesElsewhere(a)) is { } other
                ? $"{other.Template.Written} reaches beyond the namespace {name}"
            : endpoint.StdinIsBody || endpoint.Stdin is { IsLiteral: false }
                ? "what callers send for the command to read could name what is in no namespace, or in another"
            : WrongReach(arguments.All);
    }

    private static bool ReachesElsewhere(WrittenArgument argument) =>
        argument.NameOfLong is { } name
            ? name is "namespace" or "all-namespaces" or "raw" or "filename" or "kustomize"
            : argument.IsFlag && argument.Template.Head.TakeWhile(c => c != '=').Any(c => c is 'n' or 'A' or 'k');

    private static string? WrongReach(IReadOnlyList<WrittenArgument> arguments)
    {
        var verb = arguments[0].Template.Written;
        var behind = arguments is [_, { IsFlag: false, Planned.OnlyWith: null } second, ..] ? second.Template : null;
        if (OfKinds.Contains(verb))
        {
            return behind is null || KindsOf(behind) is not { } kinds
                    ? $"the kind must be written out, right behind {verb}: some kinds are in no namespace"
                : WrongKind(kinds) is { } wrong ? wrong
                : behind.Head.Contains('/', StringComparison.Ordinal)
                    ? arguments.Skip(2).Select(WrongWord).FirstOrDefault(w => w is not null)
                : null;
        }

        return !Others.TryGetValue(verb, out var words)
                ? $"{verb} does not keep to a namespace: there are {string.Join(", ", OfKinds.Concat(Others.Keys).Order(StringComparer.Ordinal))}"
            : words.Length == 0 || (behind is { IsLiteral: true } && words.Contains(behind.Written)) ? null
            : $"right behind {verb} must stand one of {string.Join(", ", words)}";
    }

    /// <summary>The kinds in <c>pods,services</c> or <c>pod/{name}</c>; <see langword="null"/>: callers could say more.</summary>
    private static string[]? KindsOf(TextTemplate word) =>
        word.IsLiteral || word.Head.Contains('/', StringComparison.Ordinal) ? word.Head.Split('/')[0].Split(',') : null;

    private static string? WrongKind(string[] kinds) =>
        Array.Find(kinds, k => WithoutNamespace.Contains(k.Split('.')[0].ToLowerInvariant())) is { } kind
            ? $"{kind} is in no namespace"
            : null;

    /// <summary>Behind <c>pod/{name}</c> there may be more of that form.</summary>
    private static string? WrongWord(WrittenArgument argument) =>
        argument.IsFlag ? null
        : KindsOf(argument.Template) is { } kinds ? WrongKind(kinds)
        : $"{argument.Template.Written} could name another kind: write the kind and the name as two arguments";
}
