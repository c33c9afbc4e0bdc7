"""What an emulated account holds."""


def stacks(client):
    told = client("cloudformation").describe_stacks()["Stacks"]
    return {one["StackName"]: one["StackStatus"] for one in told}


def outputs(client, stack):
    (told,) = client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {one["OutputKey"]: one["OutputValue"] for one in told["Outputs"]}


def groups(client):
    told = client("logs").describe_log_groups()["logGroups"]
    return {one["logGroupName"]: one.get("retentionInDays") for one in told}
